using System.Globalization;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

public sealed partial class VideoDevice
{
    /// <summary>The controls, in order of their numbers, headings (<see cref="ControlType.CtrlClass"/>) included: VIDIOC_QUERY_EXT_CTRL.</summary>
    public IReadOnlyList<VideoControl> EnumerateControls()
    {
        var controls = new List<VideoControl>();
        var id = 0u;
        while (true)
        {
            v4l2_query_ext_ctrl raw = new() { id = id | ControlConstants.V4L2_CTRL_FLAG_NEXT_CTRL | ControlConstants.V4L2_CTRL_FLAG_NEXT_COMPOUND };
            if (!TryRequire("VIDIOC_QUERY_EXT_CTRL", Requests.VIDIOC_QUERY_EXT_CTRL, ref raw) || raw.id <= id)
                return controls;
            id = raw.id;
            controls.Add(FromRaw(raw));
        }
    }

    /// <summary>One control: VIDIOC_QUERY_EXT_CTRL. Null when the device has no such control.</summary>
    public VideoControl? QueryControl(ControlId id)
    {
        v4l2_query_ext_ctrl raw = new() { id = (uint)id };
        return TryRequire("VIDIOC_QUERY_EXT_CTRL", Requests.VIDIOC_QUERY_EXT_CTRL, ref raw) ? FromRaw(raw) : null;
    }

    /// <summary>The entries of a menu control: VIDIOC_QUERYMENU. Holes in the menu are left out; empty for what is no menu.</summary>
    public unsafe IReadOnlyList<ControlMenuItem> QueryMenu(VideoControl control)
    {
        var items = new List<ControlMenuItem>();
        if (control.Type is not (ControlType.Menu or ControlType.IntegerMenu))
            return items;
        for (var index = control.Minimum; index <= control.Maximum; index++)
        {
            v4l2_querymenu raw = new() { id = (uint)control.Id, index = (uint)index };
            if (!TryRequire("VIDIOC_QUERYMENU", Requests.VIDIOC_QUERYMENU, ref raw))
                continue;
            items.Add(control.Type == ControlType.IntegerMenu
                ? new ControlMenuItem(raw.index, raw.value.ToString(CultureInfo.InvariantCulture), raw.value)
                : new ControlMenuItem(raw.index, Text(new ReadOnlySpan<byte>(raw.name, 32)), raw.index));
        }

        return items;
    }

    /// <summary>The value of a simple control (<see cref="VideoControl.IsSimple"/>): VIDIOC_G_CTRL.</summary>
    /// <exception cref="NativeException">EINVAL: no such control. EACCES: write-only.</exception>
    public int GetControl(ControlId id)
    {
        v4l2_control raw = new() { id = (uint)id };
        Require("VIDIOC_G_CTRL", Requests.VIDIOC_G_CTRL, ref raw);
        return raw.value;
    }

    /// <summary>Sets a simple control: VIDIOC_S_CTRL. Returns the value that is set: the driver rounds to a step and into the range.</summary>
    /// <exception cref="NativeException">EINVAL: no such control. ERANGE: no such menu entry. EACCES: read-only. EBUSY: another has grabbed it.</exception>
    public int SetControl(ControlId id, int value)
    {
        v4l2_control raw = new() { id = (uint)id, value = value };
        Require("VIDIOC_S_CTRL", Requests.VIDIOC_S_CTRL, ref raw);
        return raw.value;
    }

    private static unsafe VideoControl FromRaw(v4l2_query_ext_ctrl raw) => new(
        (ControlId)raw.id,
        (ControlType)raw.type,
        Text(new ReadOnlySpan<byte>(raw.name, 32)),
        raw.minimum,
        raw.maximum,
        raw.step,
        raw.default_value,
        (ControlFlags)raw.flags,
        raw.elems);
}
