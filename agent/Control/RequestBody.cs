using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>The body of a request. A field that does not exist is an error here: a misspelled one would otherwise be ignored in silence.</summary>
internal static class RequestBody
{
    private static readonly ContractJson Strict = new(new JsonSerializerOptions(ContractJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });

    /// <summary>What to record.</summary>
    /// <exception cref="ProblemException">400, naming the field.</exception>
    public static async Task<RecordingRequest> ReadRecordingAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, Strict.RecordingRequest, context.RequestAborted).ConfigureAwait(false)
                ?? throw Bad("the body is null", "Send a JSON object, such as {\"device\": \"video0\"}.");
        }
        catch (JsonException e)
        {
            throw Bad(Reason(e), "/openapi/v1.json describes the fields: device, codec, container, width, height, fps, bitrate, crf, duration_s, label.");
        }
    }

    private static string Reason(JsonException e)
    {
        var field = e.Path is ['$', '.', .. var name] ? name : null;
        if (field is null)
            return string.Create(CultureInfo.InvariantCulture, $"the body is not a JSON object (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        if (e.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return $"field '{field}' is there twice";
        return field switch
        {
            "device" or "codec" or "container" or "label" => $"field '{field}' must be a string",
            "width" or "height" or "bitrate" or "crf" => $"field '{field}' must be a whole number",
            "fps" or "duration_s" => $"field '{field}' must be a number",
            _ => $"there is no field '{field}'",
        };
    }

    private static ProblemException Bad(string detail, string remedy) => new(400, "bad_request", "Bad request", $"Bad request: {detail}.", remedy);
}
