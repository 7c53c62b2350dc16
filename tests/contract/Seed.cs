namespace ThatDam.Contract.Tests;

/// <summary>The contract as the platform first wrote it: what other programs rely on.</summary>
public static class Seed
{
    /// <summary>The fields of each topic that it does not call optional.</summary>
    internal static IReadOnlyDictionary<string, string[]> Required { get; } = new Dictionary<string, string[]>
    {
        ["capture.alive"] = ["service", "version", "ts", "devices"],
        ["capture.device_list"] = ["service", "ts", "devices"],
        ["capture.recording_started"] = ["device", "file", "ts", "service"],
        ["capture.recording_stopped"] = ["device", "file", "ts", "service"],
        ["capture.error"] = ["service", "ts", "error"],
        ["video.ingest_job_created"] = ["job_id", "video_path", "source", "ts", "service"],
        ["video.ingest_job_completed"] = ["job_id", "video_path", "ts", "service", "result"],
        ["video.error"] = ["service", "ts", "error"],
        ["video.ready"] = ["service", "version", "ts", "health"],
        ["webapp.alive"] = ["service", "version", "ts"],
        ["webapp.user_action"] = ["service", "ts", "action"],
        ["webapp.error"] = ["service", "ts", "error", "context"],
    };

    /// <summary>Those that it calls optional, and those of its conventions.</summary>
    internal static IReadOnlyDictionary<string, string[]> Optional { get; } = new Dictionary<string, string[]>
    {
        ["capture.alive"] = ["v", "tenant_id", "principal_id", "trace_id", "request_id", "correlation_id"],
        ["capture.recording_stopped"] = ["reason"],
        ["capture.error"] = ["context"],
        ["video.error"] = ["context"],
        ["webapp.alive"] = ["user_agent"],
        ["webapp.user_action"] = ["context"],
    };

    public static TheoryData<string> Topics { get; } = [.. Required.Keys];

    /// <summary>Its examples, by the section of EVENTS.md that holds them.</summary>
    public static TheoryData<string, string> Examples { get; } = new()
    {
        {
            "Device summary",
            """
            {
              "id": "/dev/video0",
              "kind": "v4l2",
              "path": "/dev/video0",
              "name": "UVC Camera (Logitech C920)",
              "capabilities": {
                "resolutions": ["1920x1080", "1280x720"],
                "fps": [30, 60],
                "formats": ["YUYV", "MJPEG", "H264"],
                "audio": false
              },
              "status": "online",
              "last_seen": "2025-08-04T14:33:09Z"
            }
            """
        },
        {
            "capture.alive",
            """
            {
              "service": "capture-daemon",
              "version": "1.1.4",
              "ts": "2025-08-04T14:33:09Z",
              "devices": []
            }
            """
        },
        {
            "capture.device_list",
            """
            {
              "service": "capture-daemon",
              "ts": "2025-08-04T14:33:13Z",
              "devices": [
                {
                  "id": "/dev/video0",
                  "kind": "v4l2",
                  "path": "/dev/video0",
                  "name": "UVC Camera (Logitech C920)",
                  "capabilities": {
                    "resolutions": ["1920x1080", "1280x720"],
                    "fps": [30, 60],
                    "formats": ["YUYV", "MJPEG", "H264"]
                  },
                  "status": "online",
                  "last_seen": "2025-08-04T14:33:13Z"
                }
              ]
            }
            """
        },
        {
            "capture.recording_started",
            """
            {
              "service": "capture-daemon",
              "ts": "2025-08-04T14:34:00Z",
              "device": "/dev/video0",
              "file": "/records/video0-h264-20250804T143400Z.mp4"
            }
            """
        },
        {
            "video.ingest_job_created",
            """
            {
              "service": "video-api",
              "ts": "2025-08-04T14:34:09Z",
              "job_id": "c023e9d0-f3a2-4a1d-8d6d-9e2a568a7bba",
              "video_path": "/records/video0-h264-20250804T143400Z.mp4",
              "source": "recording"
            }
            """
        },
    };
}
