using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ThatDam.Cli.Client;

/// <summary>What the daemon answered: JSON, kept as it came so that it can be passed on untouched.</summary>
/// <param name="Json">UTF-8.</param>
internal sealed record Answer(byte[] Json)
{
    /// <summary>The answer as a contract type.</summary>
    /// <exception cref="FailureException">It is not one.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new FailureException(
                ExitCode.Failure,
                $"the daemon's answer: not understood ({e.Message})",
                "damctl and thatdam-capture may be of different versions: compare `damctl --version` with `damctl status -o json`");
        }
    }
}
