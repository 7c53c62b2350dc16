using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>Tells what a node is for. Pure.</summary>
internal static class DeviceRoles
{
    private const VideoCapabilities Capture = VideoCapabilities.VideoCapture | VideoCapabilities.VideoCaptureMplane;
    private const VideoCapabilities Output = VideoCapabilities.VideoOutput | VideoCapabilities.VideoOutputMplane;

    /// <summary>By device_caps. A node that both captures and puts out without being a converter is v4l2loopback's: it can be recorded.</summary>
    public static DeviceRole Of(VideoCapabilities caps)
    {
        bool Any(VideoCapabilities some) => (caps & some) != 0;
        return caps switch
        {
            _ when Any(VideoCapabilities.Touch) => DeviceRole.Touch,
            _ when Any(VideoCapabilities.VideoM2M | VideoCapabilities.VideoM2MMplane) => DeviceRole.M2M,
            _ when Any(Capture) => DeviceRole.Capture,
            _ when Any(Output | VideoCapabilities.VideoOutputOverlay) => DeviceRole.Output,
            _ when Any(VideoCapabilities.MetaCapture | VideoCapabilities.MetaOutput) => DeviceRole.Metadata,
            _ when Any(VideoCapabilities.VbiCapture | VideoCapabilities.VbiOutput | VideoCapabilities.SlicedVbiCapture | VideoCapabilities.SlicedVbiOutput) => DeviceRole.Vbi,
            _ when Any(VideoCapabilities.SdrCapture | VideoCapabilities.SdrOutput) => DeviceRole.Sdr,
            _ when Any(VideoCapabilities.Radio | VideoCapabilities.Modulator | VideoCapabilities.RdsOutput) => DeviceRole.Radio,
            _ => DeviceRole.Other,
        };
    }

    /// <summary>By the node's name, for one that cannot be opened: it may be a camera until it says that it is none.</summary>
    public static DeviceRole Guess(string name) => name.TrimEnd([.. "0123456789"]) switch
    {
        "video" => DeviceRole.Capture,
        "vbi" => DeviceRole.Vbi,
        "radio" => DeviceRole.Radio,
        "swradio" => DeviceRole.Sdr,
        "v4l-touch" => DeviceRole.Touch,
        _ => DeviceRole.Other,
    };
}
