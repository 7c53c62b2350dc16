namespace ThatDam.Contract;

/// <summary>
/// What a word of a signal (<see cref="DeviceSummary.Signal"/>) means, and what to do about it: one reading, for all who tell it. Phrases
/// without a capital or a full stop; "it" is the input.
/// </summary>
/// <param name="Cause">What is so.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record SignalAdvice(string Cause, string Remedy)
{
    /// <summary>Of a word, a known one or any other. Sources: V4L2_IN_ST_… of VIDIOC_ENUMINPUT, VIDIOC_QUERY_DV_TIMINGS.</summary>
    public static SignalAdvice Of(string word) => word switch
    {
        "no device" => new("the part that takes the picture in does not answer", "look at the device's power and its cable to this machine, and plug it in again"),
        "no power" => new("what is connected to it is switched off", "switch the source on"), // V4L2_IN_ST_NO_POWER: "attached device is off"
        "no cable" => new("nothing is connected to it, or what is connected is switched off", "connect the source with a cable, at both ends, and switch it on"),
        "no signal" => new("something is connected, and sends nothing", "switch the source on, wake it, and let it send its picture to this output"),
        "no sync" => new("something is sent that it cannot lock to", "try a shorter or better cable, and another mode of the source; copy protection (HDCP) must be off"),
        "out of range" => new("the source sends a size or a rate that the device does not take", "set the source to a smaller size or a lower rate, such as 1920x1080 at 60 Hz"),
        "no carrier" => new("no carrier is received", "connect the antenna or the cable, and choose a channel that is there"),
        "no access" => new("what comes in is encrypted", "let the source send it unencrypted"),
        "no color" => new("the picture comes in without colour", "choose the source's own television standard, and look at the cable"),
        _ => new("the driver says so", "look at the source, its cable and its settings"),
    };
}
