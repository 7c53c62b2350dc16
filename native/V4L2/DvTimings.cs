using ThatDam.Native.Errors;
using ThatDam.Native.V4L2.Raw;

namespace ThatDam.Native.V4L2;

/// <summary>
/// A digital video signal line by line: an HDMI, DVI or SDI source. Source: struct v4l2_bt_timings. Blanking is in pixels (horizontal) and
/// lines (vertical).
/// </summary>
public sealed record DvTimings
{
    /// <summary>Pixels of picture.</summary>
    public required uint Width { get; init; }

    /// <summary>Lines of picture, both fields together.</summary>
    public required uint Height { get; init; }

    /// <summary>The frame comes as two fields.</summary>
    public bool IsInterlaced { get; init; }

    /// <summary>V4L2_DV_*_POS_POL.</summary>
    public uint Polarities { get; init; }

    /// <summary>Pixels per second, in Hz.</summary>
    public required ulong PixelClock_hz { get; init; }

    public uint HorizontalFrontPorch { get; init; }

    public uint HorizontalSync { get; init; }

    public uint HorizontalBackPorch { get; init; }

    public uint VerticalFrontPorch { get; init; }

    public uint VerticalSync { get; init; }

    public uint VerticalBackPorch { get; init; }

    /// <summary>As <see cref="VerticalFrontPorch"/>, in the second field.</summary>
    public uint InterlacedFrontPorch { get; init; }

    /// <summary>As <see cref="VerticalSync"/>, in the second field.</summary>
    public uint InterlacedSync { get; init; }

    /// <summary>As <see cref="VerticalBackPorch"/>, in the second field.</summary>
    public uint InterlacedBackPorch { get; init; }

    /// <summary>V4L2_DV_BT_STD_*: who standardised it.</summary>
    public uint Standards { get; init; }

    /// <summary>V4L2_DV_FL_*.</summary>
    public DvFlags Flags { get; init; }

    /// <summary>Width over height of the picture, when <see cref="DvFlags.HasPictureAspect"/>.</summary>
    public Fraction PictureAspect { get; init; }

    /// <summary>The CEA-861 video identification code, when <see cref="DvFlags.HasCea861Vic"/>.</summary>
    public byte Cea861Vic { get; init; }

    /// <summary>The HDMI video identification code, when <see cref="DvFlags.HasHdmiVic"/>.</summary>
    public byte HdmiVic { get; init; }

    /// <summary>Frames per second; 0 without a clock.</summary>
    public double FrameRate
    {
        get
        {
            var width = (ulong)Width + HorizontalFrontPorch + HorizontalSync + HorizontalBackPorch;
            var height = (ulong)Height + VerticalFrontPorch + VerticalSync + VerticalBackPorch
                + (IsInterlaced ? InterlacedFrontPorch + InterlacedSync + InterlacedBackPorch : 0);
            if (width * height == 0)
                return 0;
            var rate = (double)PixelClock_hz / (width * height);
            return Flags.HasFlag(DvFlags.ReducedFps) ? rate * 1000 / 1001 : rate;
        }
    }

    internal v4l2_dv_timings ToRaw() => new()
    {
        type = TimingsConstants.V4L2_DV_BT_656_1120,
        bt = new v4l2_bt_timings
        {
            width = Width,
            height = Height,
            interlaced = IsInterlaced ? TimingsConstants.V4L2_DV_INTERLACED : 0,
            polarities = Polarities,
            pixelclock = PixelClock_hz,
            hfrontporch = HorizontalFrontPorch,
            hsync = HorizontalSync,
            hbackporch = HorizontalBackPorch,
            vfrontporch = VerticalFrontPorch,
            vsync = VerticalSync,
            vbackporch = VerticalBackPorch,
            il_vfrontporch = InterlacedFrontPorch,
            il_vsync = InterlacedSync,
            il_vbackporch = InterlacedBackPorch,
            standards = Standards,
            flags = (uint)Flags,
            picture_aspect = new v4l2_fract { numerator = PictureAspect.Numerator, denominator = PictureAspect.Denominator },
            cea861_vic = Cea861Vic,
            hdmi_vic = HdmiVic,
        },
    };

    internal static DvTimings FromRaw(in v4l2_dv_timings raw)
    {
        var bt = raw.bt;
        return new DvTimings
        {
            Width = bt.width,
            Height = bt.height,
            IsInterlaced = bt.interlaced == TimingsConstants.V4L2_DV_INTERLACED,
            Polarities = bt.polarities,
            PixelClock_hz = bt.pixelclock,
            HorizontalFrontPorch = bt.hfrontporch,
            HorizontalSync = bt.hsync,
            HorizontalBackPorch = bt.hbackporch,
            VerticalFrontPorch = bt.vfrontporch,
            VerticalSync = bt.vsync,
            VerticalBackPorch = bt.vbackporch,
            InterlacedFrontPorch = bt.il_vfrontporch,
            InterlacedSync = bt.il_vsync,
            InterlacedBackPorch = bt.il_vbackporch,
            Standards = bt.standards,
            Flags = (DvFlags)bt.flags,
            PictureAspect = new Fraction(bt.picture_aspect.numerator, bt.picture_aspect.denominator),
            Cea861Vic = bt.cea861_vic,
            HdmiVic = bt.hdmi_vic,
        };
    }
}

/// <summary>What more is known of a digital video signal. Source: V4L2_DV_FL_*.</summary>
[Flags]
[CHeader("linux/videodev2.h", Name = "V4L2_DV_FL_")]
public enum DvFlags : uint
{
    None = 0,
    ReducedBlanking = 1 << 0,
    CanReduceFps = 1 << 1,
    /// <summary>The clock runs at 1000/1001 of what is said.</summary>
    ReducedFps = 1 << 2,
    HalfLine = 1 << 3,
    IsCeVideo = 1 << 4,
    FirstFieldExtraLine = 1 << 5,
    HasPictureAspect = 1 << 6,
    HasCea861Vic = 1 << 7,
    HasHdmiVic = 1 << 8,
    CanDetectReducedFps = 1 << 9,
}
