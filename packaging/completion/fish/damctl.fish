# Cameras and recordings are those that the daemon has at that moment; none where it does not answer within two seconds.

# The words before the cursor that are neither options nor their values.
function __damctl_words
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word --socket -o --output --codec --container --size --fps --bitrate --crf --duration --label --since
            set skip 1
        else if not string match -q -- '-*' $word
            echo -- $word
        end
    end
end

# Whether they are these, and no more than so many arguments follow.
function __damctl_at -a most
    set -l words (__damctl_words)
    set -l verb $argv[2..]
    test (count $words) -ge (count $verb); or return 1
    test (count $words) -le (math (count $verb) + $most); or return 1
    for i in (seq (count $verb))
        test $words[$i] = $verb[$i]; or return 1
    end
end

# Asks the daemon that the command line names, as the user: lines of JSON.
function __damctl_ask
    set -l words (commandline -opc)
    set -l socket
    if set -l at (contains -i -- --socket $words)
        set socket --socket $words[(math $at + 1)]
    end
    timeout 2 damctl $argv -o jsonl $socket 2>/dev/null
end

# A quotation mark within a value is escaped, so that what follows a comma and such a mark is a key. A value with an escape is no name.
function __damctl_devices
    for line in (__damctl_ask devices list)
        set -l name (string match -r -g ',"name":"([^"\\\\]*)' -- $line)
        for key in id stable_id alias
            set -l value (string match -r -g '[{,]"'$key'":"([^"\\\\]*)"' -- $line)
            test -n "$value"; and printf '%s\t%s\n' $value[1] "$name"
        end
    end | sort -u
end

function __damctl_recordings
    for line in (__damctl_ask record list $argv)
        set -l id (string match -r -g '^{"id":"([^"\\\\]*)"' -- $line)
        set -l file (string match -r -g ',"file":"[^"]*?([^"/]*)"' -- $line)
        test -n "$id"; and printf '%s\t%s\n' $id "$file"
    end
end

complete -c damctl -f
complete -c damctl -l socket -r -F -d "The daemon's socket"
complete -c damctl -s o -l output -x -a 'table json jsonl' -d 'How to print'
complete -c damctl -s h -l help -d 'Show help'
complete -c damctl -n '__damctl_at 0' -l version -d 'Show the version'

complete -c damctl -n '__damctl_at 0' -a status -d "The daemon's own state"
complete -c damctl -n '__damctl_at 0' -a doctor -d 'What is wrong, why, and what to do about it'
complete -c damctl -n '__damctl_at 0' -a devices -d 'Cameras and what they can do'
complete -c damctl -n '__damctl_at 0' -a record -d 'Recordings, running and ended'
complete -c damctl -n '__damctl_at 0' -a events -d 'What the daemon tells the message bus'
complete -c damctl -n '__damctl_at 0' -a audit -d 'The log of who asked for what'

complete -c damctl -n '__damctl_at 0 devices' -a list -d 'The cameras, their states and their best modes'
complete -c damctl -n '__damctl_at 0 devices' -a show -d 'One camera'
complete -c damctl -n '__damctl_at 0 devices' -a watch -d 'The cameras now, then every change'
complete -c damctl -n '__damctl_at 0 devices' -a rescan -d 'Look at every camera again'
complete -c damctl -n '__damctl_at 0 record' -a start -d 'Start a recording'
complete -c damctl -n '__damctl_at 0 record' -a stop -d 'Stop recordings'
complete -c damctl -n '__damctl_at 0 record' -a list -d 'The recordings'
complete -c damctl -n '__damctl_at 0 record' -a show -d 'One recording'
complete -c damctl -n '__damctl_at 0 record' -a watch -d 'A live line for each recording'
complete -c damctl -n '__damctl_at 0 record' -a repair -d 'Make final a file that a crash left'
complete -c damctl -n '__damctl_at 0 events' -a tail -d 'Events as the daemon commits them'
complete -c damctl -n '__damctl_at 0 events' -a status -d 'Whether the broker is connected'
complete -c damctl -n '__damctl_at 0 events' -a validate -d 'Whether events keep the contract'
complete -c damctl -n '__damctl_at 0 audit' -a verify -d 'Whether the audit log is whole'

complete -c damctl -n '__damctl_at 0 doctor; or __damctl_at 0 devices show; or __damctl_at 0 record start' -a '(__damctl_devices)'
complete -c damctl -n '__damctl_at 0 record stop; or __damctl_at 0 record watch' -a '(__damctl_recordings --active; __damctl_devices)'
complete -c damctl -n '__damctl_at 0 record show' -a '(__damctl_recordings)'
complete -c damctl -n '__damctl_at 0 events tail' -a "'#' 'capture.#' 'tenant.#' capture.alive capture.device_list capture.device_state capture.error capture.recording_started capture.recording_stopped capture.segment.created tenant.access tenant.limit"
complete -c damctl -n '__damctl_at 0 events validate; or __damctl_at 0 record repair; or __damctl_at 99 audit verify' -F

complete -c damctl -n '__damctl_at 0 devices list' -s a -l all -d 'Also nodes that are no cameras'
complete -c damctl -n '__damctl_at 1 record start' -l codec -x -a 'copy h264 hevc mjpeg ffv1' -d 'What to encode as'
complete -c damctl -n '__damctl_at 1 record start' -l container -x -a 'mp4 mkv' -d "The file's format"
complete -c damctl -n '__damctl_at 1 record start' -l size -x -a '640x480 1280x720 1920x1080 3840x2160' -d "The picture's size in pixels"
complete -c damctl -n '__damctl_at 1 record start' -l fps -x -d 'Frames per second'
complete -c damctl -n '__damctl_at 1 record start' -l bitrate -x -d 'For the encoder, such as 4M'
complete -c damctl -n '__damctl_at 1 record start' -l crf -x -d 'Constant quality, 0 (best) to 51'
complete -c damctl -n '__damctl_at 1 record start' -l duration -x -d 'Stop by itself after so much video'
complete -c damctl -n '__damctl_at 1 record start' -l label -x -d "Added to the file's name"
complete -c damctl -n '__damctl_at 1 record start' -l resume -d 'Go on in a further file after a replug'
complete -c damctl -n '__damctl_at 1 record start' -l no-resume -d 'End when the camera is unplugged'
complete -c damctl -n '__damctl_at 1 record start' -l wait -d 'Return when the recording has ended'
complete -c damctl -n '__damctl_at 1 record stop' -l all -d 'Every recording'
complete -c damctl -n '__damctl_at 0 record list' -l active -d 'Only those that have not ended'
complete -c damctl -n '__damctl_at 1 events tail' -l since -x -a '10m 1h 24h' -d 'First those from then on'
complete -c damctl -n '__damctl_at 1 events tail' -l no-follow -d 'End after those that there are'
