using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ThatDam.Contract.Events;

/// <summary>Whether an event keeps the contract, in words for people. Pure. Fields that the contract does not know are no fault.</summary>
public static class EventCheck
{
    /// <summary>Everything that is wrong with an event; empty for one that keeps the contract. May repeat names out of it: escape before a terminal sees them.</summary>
    /// <param name="topic">The routing key it came with.</param>
    /// <param name="body">The event.</param>
    public static IReadOnlyList<string> Faults(string topic, JsonElement body)
    {
        if (!Topics.All.TryGetValue(topic, out JsonTypeInfo? type))
            return [$"topic '{topic}' is not in the contract"];
        if (body.ValueKind != JsonValueKind.Object)
            return [$"the event is no object but {Words(body.ValueKind)}"];

        var faults = new List<string>();
        try
        {
            CheckMembers(body, type, "", faults);
            CheckEnvelope(body, faults);
            if (faults.Count == 0)
                JsonSerializer.Deserialize(body, type);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            // Half a surrogate pair, which JSON can spell and no text can hold; and whatever else no record can be made of.
            faults.Add($"the event cannot be read: {e.Message}");
        }

        return faults;
    }

    private static void CheckEnvelope(JsonElement body, List<string> faults)
    {
        CheckText(body, "service", faults);
        if (!body.TryGetProperty("ts", out _))
            faults.Add("field 'ts' is missing");

        // An emitter that knows only the seed's contract has none of the rest.
        if (!Has(body, "event_id", out JsonElement id))
            return;
        if (id.ValueKind == JsonValueKind.String && id.TryGetGuid(out Guid uuid) && !(uuid.Version == 7 && (uuid.Variant & 0xC) == 8))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"field 'event_id' is a UUID of version {uuid.Version}, not 7"));
        CheckNumber(body, "v", number => number == ContractEvent.CurrentVersion, "1", faults);
        CheckText(body, "host", faults);
        CheckNumber(body, "seq", number => number >= 1, "1 or more", faults);
        CheckText(body, "tenant_id", faults);
        CheckText(body, "principal_id", faults);
    }

    private static void CheckText(JsonElement body, string name, List<string> faults)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || (value.ValueKind == JsonValueKind.Null && name != "service"))
            faults.Add($"field '{name}' is missing");
        else if (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()))
            faults.Add($"field '{name}' is empty");
    }

    private static void CheckNumber(JsonElement body, string name, Func<long, bool> sound, string wanted, List<string> faults)
    {
        if (!Has(body, name, out JsonElement value))
            faults.Add($"field '{name}' is missing");
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && !sound(number))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"field '{name}' is {number}, not {wanted}"));
    }

    private static bool Has(JsonElement body, string name, out JsonElement value) =>
        body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, string path, List<string> faults)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsExtensionData || property.Get is null)
                continue;
            string field = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (value.TryGetProperty(property.Name, out JsonElement member))
                CheckValue(member, property.PropertyType, property.IsSetNullable, field, faults);
            else if (property.IsRequired)
                faults.Add($"field '{field}' is missing");
        }
    }

    private static void CheckValue(JsonElement value, Type declared, bool nullable, string field, List<string> faults)
    {
        if (declared == typeof(JsonElement))
            return;
        Type? underlying = Nullable.GetUnderlyingType(declared);
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (underlying is null && !nullable)
                faults.Add($"field '{field}' is null");
            return;
        }

        Type type = underlying ?? declared;
        if (ContractJson.Default.GetTypeInfo(type) is not { } info)
            return;
        if (!Fits(value, info))
            faults.Add($"field '{field}' is not {Words(info)}");
        else if (info.Kind == JsonTypeInfoKind.Object)
            CheckMembers(value, info, field, faults);
        else if (info.Kind == JsonTypeInfoKind.Enumerable)
            CheckElements(value, info, field, faults);
    }

    private static void CheckElements(JsonElement array, JsonTypeInfo info, string field, List<string> faults)
    {
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
            CheckValue(element, info.ElementType!, nullable: false, string.Create(CultureInfo.InvariantCulture, $"{field}[{index++}]"), faults);
    }

    private static bool Fits(JsonElement value, JsonTypeInfo info)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary:
                return value.ValueKind == JsonValueKind.Object;
            case JsonTypeInfoKind.Enumerable:
                return value.ValueKind == JsonValueKind.Array;
        }

        try
        {
            JsonSerializer.Deserialize(value, info);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Words(JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
        JsonTypeInfoKind.Enumerable => "an array",
        _ when info.Type == typeof(string) => "text",
        _ when info.Type == typeof(bool) => "true or false",
        _ when info.Type == typeof(double) => "a number",
        _ when info.Type == typeof(DateTimeOffset) => "a time (ISO 8601)",
        _ when info.Type == typeof(Guid) => "a UUID",
        _ => "a whole number",
    };

    private static string Words(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };
}
