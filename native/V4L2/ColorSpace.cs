using ThatDam.Native.Errors;

namespace ThatDam.Native.V4L2;

/// <summary>The primaries of a picture. Source: enum v4l2_colorspace.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_")]
public enum ColorSpace : uint
{
    Default = 0,
    [CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_SMPTE170M")]
    Smpte170M = 1,
    [CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_SMPTE240M")]
    Smpte240M = 2,
    Rec709 = 3,
    [CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_470_SYSTEM_M")]
    System470M = 5,
    [CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_470_SYSTEM_BG")]
    System470BG = 6,
    Jpeg = 7,
    Srgb = 8,
    Oprgb = 9,
    Bt2020 = 10,
    Raw = 11,
    [CHeader("linux/videodev2.h", Name = "V4L2_COLORSPACE_DCI_P3")]
    DciP3 = 12,
}

/// <summary>How Y'CbCr comes from R'G'B'. Source: enum v4l2_ycbcr_encoding.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_YCBCR_ENC_")]
public enum YcbcrEncoding : uint
{
    Default = 0,
    [CHeader("linux/videodev2.h", Name = "V4L2_YCBCR_ENC_601")]
    Bt601 = 1,
    [CHeader("linux/videodev2.h", Name = "V4L2_YCBCR_ENC_709")]
    Rec709 = 2,
    Xv601 = 3,
    Xv709 = 4,
    Sycc = 5,
    Bt2020 = 6,
    [CHeader("linux/videodev2.h", Name = "V4L2_YCBCR_ENC_BT2020_CONST_LUM")]
    Bt2020ConstantLuminance = 7,
    [CHeader("linux/videodev2.h", Name = "V4L2_YCBCR_ENC_SMPTE240M")]
    Smpte240M = 8,
}

/// <summary>The range of the numbers. Source: enum v4l2_quantization.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_QUANTIZATION_")]
public enum Quantization : uint
{
    Default = 0,
    FullRange = 1,
    [CHeader("linux/videodev2.h", Name = "V4L2_QUANTIZATION_LIM_RANGE")]
    LimitedRange = 2,
}

/// <summary>How light becomes numbers. Source: enum v4l2_xfer_func.</summary>
[CHeader("linux/videodev2.h", Name = "V4L2_XFER_FUNC_")]
public enum TransferFunction : uint
{
    Default = 0,
    [CHeader("linux/videodev2.h", Name = "V4L2_XFER_FUNC_709")]
    Rec709 = 1,
    Srgb = 2,
    Oprgb = 3,
    [CHeader("linux/videodev2.h", Name = "V4L2_XFER_FUNC_SMPTE240M")]
    Smpte240M = 4,
    [CHeader("linux/videodev2.h", Name = "V4L2_XFER_FUNC_NONE")]
    Linear = 5,
    [CHeader("linux/videodev2.h", Name = "V4L2_XFER_FUNC_DCI_P3")]
    DciP3 = 6,
    Smpte2084 = 7,
}
