using ThatDam.Agent.Recording;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>Metrics as Prometheus reads them: text format 0.0.4. Pure.</summary>
internal static class MetricsText
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All of them.</summary>
    public static string Of(Metrics metrics)
    {
        var text = new MetricsWriter();
        Process(text, metrics);
        Cameras(text, metrics);
        Recordings(text, metrics);
        Ffmpeg(text, metrics);
        Events(text, metrics.Events, metrics.Now);
        Watch(text, metrics);
        return text.ToString();
    }

    private static void Process(MetricsWriter text, Metrics metrics)
    {
        text.Gauge("thatdam_build_info", "The version that runs.").Value(1, ("version", metrics.Version));
        text.Gauge("thatdam_uptime_seconds", "Since the start.").Value(metrics.Uptime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Memory in use.").Value(metrics.ResidentBytes);
        text.Counter("process_cpu_seconds_total", "Processor time used, without that of ffmpeg.").Value(metrics.Processor.TotalSeconds);
        text.Gauge("thatdam_loop_age_seconds", "Since a loop came round; 0 while it waits for something outside.");
        foreach (var loop in metrics.Loops)
            text.Value(loop.AgeS, ("loop", loop.Name));
    }

    private static void Cameras(MetricsWriter text, Metrics metrics)
    {
        text.Gauge("thatdam_devices", "Devices by what they do; offline: known, and not there.");
        foreach (var state in metrics.Devices.GroupBy(device => device.Status == "offline" ? "offline" : device.State.Length > 0 ? device.State : "closed").OrderBy(group => group.Key, StringComparer.Ordinal))
            text.Value(state.Count(), ("state", state.Key));
        text.Counter("thatdam_camera_frames_total", "Frames of a camera since the daemon's start, each once, whoever took it: captured, of those with an error, and lost by the driver.");
        foreach (var (stableId, device, frames) in metrics.Tallies)
        {
            foreach (var (kind, count) in new[] { ("captured", frames.Captured), ("error", frames.Error), ("lost", frames.Lost) })
                text.Value(count, ("device", device), ("stable_id", stableId), ("kind", kind));
        }
        text.Counter("thatdam_camera_transitions_total", "How often a camera came into a state.");
        foreach (var camera in metrics.Cameras)
        {
            foreach (var (state, count) in camera.Transitions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Value(count, ("device", camera.Device), ("stable_id", camera.StableId), ("state", state));
        }
        text.Counter("thatdam_camera_recoveries_total", "Rungs of the recovery ladder that were taken, or skipped.");
        foreach (var camera in metrics.Cameras)
        {
            foreach (var (rung, count) in camera.Recovery.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                text.Value(count, ("device", camera.Device), ("stable_id", camera.StableId), ("rung", rung));
        }
    }

    private static void Recordings(MetricsWriter text, Metrics metrics)
    {
        text.Gauge("thatdam_recordings_active", "Recordings that run or wait.").Value(metrics.Recordings.Count);
        text.Counter("thatdam_recording_frames_total", "Frames of a recording that runs.");
        foreach (var recording in metrics.Recordings)
        {
            var frames = recording.Frames;
            foreach (var (kind, count) in new[] { ("captured", frames.Captured), ("dropped", frames.Dropped), ("error", frames.Error), ("lost", frames.Lost), ("written", frames.Written) })
                text.Value(count, ("recording", recording.Id), ("device", recording.Device), ("kind", kind));
        }
        text.Counter("thatdam_recording_bytes_total", "Bytes in the files of a recording that runs.");
        foreach (var recording in metrics.Recordings)
            text.Value(recording.Bytes, ("recording", recording.Id), ("device", recording.Device));
        text.Gauge("thatdam_recording_files", "Files of a recording that runs.");
        foreach (var recording in metrics.Recordings)
            text.Value(recording.Segments.Count, ("recording", recording.Id), ("device", recording.Device));
        text.Histogram("thatdam_sync_seconds", "How long the disk took to make a recording's data safe (fdatasync).", SyncTimes.Bounds_s, metrics.Syncs.Counts, metrics.Syncs.Sum.TotalSeconds);
    }

    private static void Ffmpeg(MetricsWriter text, Metrics metrics)
    {
        var pool = metrics.Ffmpeg.Pool;
        text.Gauge("thatdam_ffmpeg_pool_warm", "ffmpeg processes that wait.").Value(pool.Warm);
        text.Counter("thatdam_ffmpeg_pool_hits_total", "Files that got one that waited.").Value(pool.Hits);
        text.Counter("thatdam_ffmpeg_pool_misses_total", "Files for which one was started.").Value(pool.Misses);
        text.Counter("thatdam_ffmpeg_losses_total", "ffmpeg processes that ended or hung in a recording, and were replaced.").Value(metrics.FfmpegLosses);
    }

    private static void Events(MetricsWriter text, EventsStatus events, DateTimeOffset now)
    {
        text.Gauge("thatdam_broker_connected", "1 while the broker takes events.").Value(events.Connected ? 1 : 0);
        text.Gauge("thatdam_outbox_pending", "Events that the broker has not confirmed.").Value(events.Pending);
        text.Gauge("thatdam_outbox_pending_bytes", "Their size.").Value(events.PendingBytes);
        text.Gauge("thatdam_outbox_oldest_seconds", "The age of the oldest of them.").Value(events.Oldest is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0);
        text.Counter("thatdam_events_confirmed_total", "Events that the broker has confirmed, over all runs.").Value(events.Confirmed);
        text.Counter("thatdam_events_returned_total", "Events that no queue took.").Value(events.Returned);
        text.Counter("thatdam_events_dropped_total", "Events that were dropped unsent, over all runs.").Value(events.Dropped);
        text.Counter("thatdam_events_coalesced_total", "Device lists that a later one took the place of, over all runs.").Value(events.Coalesced);
        text.Counter("thatdam_broker_connections_total", "Connections that were made.").Value(events.Connections);
    }

    private static void Watch(MetricsWriter text, Metrics metrics)
    {
        if (metrics.Watch is not { } watch)
            return;
        text.Counter("thatdam_uevents_total", "Messages on devices: accepted, and refused for they are not believed.");
        text.Value(watch.Accepted, ("verdict", "accepted"));
        text.Value(watch.Refused, ("verdict", "refused"));
        text.Counter("thatdam_uevent_overruns_total", "How often messages were lost, and everything was looked at.").Value(watch.Overruns);
        text.Counter("thatdam_device_looks_total", "Looks at the devices.").Value(watch.Looks);
    }
}
