using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

public sealed partial class VideoDevice
{
    /// <summary>Asks for events: VIDIOC_SUBSCRIBE_EVENT. They show as <see cref="Descriptors.PollEvents.Priority"/>. Asking twice is asking once.</summary>
    /// <param name="type">Which.</param>
    /// <param name="id">The input of a source change, the control of a control's; else 0.</param>
    /// <param name="options">How.</param>
    /// <returns>False when the driver has no such events.</returns>
    /// <exception cref="NativeException">ENODEV: unplugged. ENOMEM.</exception>
    public bool SubscribeEvent(VideoEventType type, uint id = 0, SubscriptionOptions options = SubscriptionOptions.None)
    {
        v4l2_event_subscription raw = new() { type = (uint)type, id = id, flags = (uint)options };
        return TryRequire("VIDIOC_SUBSCRIBE_EVENT", Requests.VIDIOC_SUBSCRIBE_EVENT, ref raw);
    }

    /// <summary>Asks for them no more: VIDIOC_UNSUBSCRIBE_EVENT. Those that wait are dropped.</summary>
    /// <returns>False when the driver has no such events.</returns>
    /// <exception cref="NativeException">ENODEV: unplugged.</exception>
    public bool UnsubscribeEvent(VideoEventType type, uint id = 0)
    {
        v4l2_event_subscription raw = new() { type = (uint)type, id = id };
        return TryRequire("VIDIOC_UNSUBSCRIBE_EVENT", Requests.VIDIOC_UNSUBSCRIBE_EVENT, ref raw);
    }

    /// <summary>Takes the next event: VIDIOC_DQEVENT. False when none waits.</summary>
    /// <exception cref="NativeException">ENODEV: unplugged.</exception>
    public bool TryDequeueEvent(out VideoEvent happened)
    {
        v4l2_event raw = default;
        var errno = Call(Requests.VIDIOC_DQEVENT, ref raw);
        if (errno != Errno.None)
        {
            happened = default;
            // ENOENT: the queue is empty and the descriptor does not block.
            return errno is Errno.ENOENT or Errno.EAGAIN or Errno.ENOTTY ? false : throw new NativeException("VIDIOC_DQEVENT", Path, errno);
        }

        var type = (VideoEventType)raw.type;
        var control = raw.u.ctrl;
        happened = new VideoEvent(
            type,
            raw.id,
            raw.sequence,
            raw.pending,
            (long)raw.timestamp.tv_sec * 1_000_000 + raw.timestamp.tv_nsec / 1000,
            type == VideoEventType.SourceChange ? (SourceChanges)raw.u.src_change.changes : SourceChanges.None,
            type == VideoEventType.Ctrl
                ? new ControlChange(
                    (ControlChanges)control.changes,
                    (ControlType)control.type,
                    (ControlType)control.type == ControlType.Integer64 ? control.value64 : control.value,
                    (ControlFlags)control.flags)
                : default);
        return true;
    }
}
