using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.V4L2;

[Collection(VividCollection.Name)]
public sealed class VideoControlTests
{
    [Fact]
    [Trait("bed", "guest")]
    public void ControlsAreListedInOrderAndEachCanBeAskedFor()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);

        var controls = device.EnumerateControls();

        Assert.True(controls.Count > 30);
        Assert.Equal(controls.Select(control => control.Id).Order(), controls.Select(control => control.Id));
        var brightness = Assert.Single(controls, control => control.Id == ControlId.Brightness);
        Assert.Equal(("Brightness", ControlType.Integer, 0L, 255L, 1ul), (brightness.Name, brightness.Type, brightness.Minimum, brightness.Maximum, brightness.Step));
        Assert.True(brightness.IsSimple);
        Assert.Equal(brightness, device.QueryControl(ControlId.Brightness));
        Assert.Contains(controls, control => control.Type == ControlType.CtrlClass);
        Assert.Contains(controls, control => control.Type == ControlType.String && !control.IsSimple);
        Assert.Contains(controls, control => control.Type == ControlType.Integer64 && !control.IsSimple);
        Assert.Contains(controls, control => control.Elements > 1 && !control.IsSimple);
        Assert.Null(device.QueryControl((ControlId)0x00980a00));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void ASetControlIsReadBackWithinItsRange()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        var brightness = device.QueryControl(ControlId.Brightness)!;

        Assert.Equal(200, device.SetControl(ControlId.Brightness, 200));
        Assert.Equal(200, device.GetControl(ControlId.Brightness));
        Assert.Equal(255, device.SetControl(ControlId.Brightness, 9999));
        Assert.Equal((int)brightness.Default, device.SetControl(ControlId.Brightness, (int)brightness.Default));
        Assert.Equal(Errno.EINVAL, Assert.Throws<NativeException>(() => device.GetControl((ControlId)0x00980a00)).Errno);
        var readOnly = device.EnumerateControls().FirstOrDefault(control => control.IsSimple && control.Flags.HasFlag(ControlFlags.ReadOnly));
        if (readOnly is not null)
            Assert.Equal(Errno.EACCES, Assert.Throws<NativeException>(() => device.SetControl(readOnly.Id, 0)).Errno);
    }

    [Fact]
    [Trait("bed", "guest")]
    public void MenusNameTheirEntriesAndLeaveOutTheHoles()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);

        // vivid's own test menu has its first and its sixth entry masked.
        var menu = device.EnumerateControls().Single(control => control is { Type: ControlType.Menu, Name: "Menu" });
        var items = device.QueryMenu(menu);
        Assert.Equal([1u, 3u, 4u], items.Select(item => item.Index));
        Assert.Equal("Menu Item 1", items[0].Name);
        Assert.Equal(items[0].Index, (uint)items[0].Value);

        var integers = device.EnumerateControls().Single(control => control.Type == ControlType.IntegerMenu);
        Assert.Contains(device.QueryMenu(integers), item => item.Value == 42 && item.Name == "42");

        Assert.Empty(device.QueryMenu(device.QueryControl(ControlId.Brightness)!));
    }

    [Fact]
    [Trait("bed", "guest")]
    public void AChangedControlIsToldToOtherOpenersNotToTheChanger()
    {
        using var device = Vivid.Open(BufferType.VideoCapture);
        using var other = VideoDevice.Open(device.Path);
        Assert.True(device.SubscribeEvent(VideoEventType.Ctrl, (uint)ControlId.Contrast));
        Assert.True(other.SubscribeEvent(VideoEventType.Ctrl, (uint)ControlId.Contrast, SubscriptionOptions.SendInitial));
        var contrast = device.QueryControl(ControlId.Contrast)!;

        Assert.True(other.TryDequeueEvent(out var initial));
        Assert.Equal(device.GetControl(ControlId.Contrast), initial.Control.Value);

        device.SetControl(ControlId.Contrast, 99);
        Assert.True(other.TryDequeueEvent(out var happened));
        Assert.Equal((VideoEventType.Ctrl, (uint)ControlId.Contrast), (happened.Type, happened.Id));
        Assert.Equal((ControlChanges.Value, ControlType.Integer, 99L), (happened.Control.Changes, happened.Control.Type, happened.Control.Value));
        Assert.False(other.TryDequeueEvent(out _));
        Assert.False(device.TryDequeueEvent(out _));
        device.SetControl(ControlId.Contrast, (int)contrast.Default);
    }
}
