using ThatDam.Agent.Devices;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Tests.Devices;

public sealed class DeviceRolesTests
{
    [Theory]
    [InlineData(VideoCapabilities.VideoCapture | VideoCapabilities.Tuner | VideoCapabilities.Audio, DeviceRole.Capture)]
    [InlineData(VideoCapabilities.VideoCaptureMplane | VideoCapabilities.IoMc, DeviceRole.Capture)]
    [InlineData(VideoCapabilities.VideoCapture | VideoCapabilities.VideoOutput, DeviceRole.Capture)]
    [InlineData(VideoCapabilities.VideoCapture | VideoCapabilities.MetaCapture, DeviceRole.Capture)]
    [InlineData(VideoCapabilities.MetaCapture | VideoCapabilities.Streaming, DeviceRole.Metadata)]
    [InlineData(VideoCapabilities.VideoM2MMplane, DeviceRole.M2M)]
    [InlineData(VideoCapabilities.VideoCapture | VideoCapabilities.Touch, DeviceRole.Touch)]
    [InlineData(VideoCapabilities.VideoOutput, DeviceRole.Output)]
    [InlineData(VideoCapabilities.Radio | VideoCapabilities.Tuner, DeviceRole.Radio)]
    [InlineData(VideoCapabilities.VbiCapture | VideoCapabilities.SlicedVbiCapture | VideoCapabilities.Tuner, DeviceRole.Vbi)]
    [InlineData(VideoCapabilities.SdrCapture | VideoCapabilities.Tuner, DeviceRole.Sdr)]
    [InlineData(VideoCapabilities.ReadWrite, DeviceRole.Other)]
    internal void A_node_is_what_its_own_capabilities_say(VideoCapabilities caps, DeviceRole role) => Assert.Equal(role, DeviceRoles.Of(caps));
}
