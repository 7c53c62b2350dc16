complete -c thatdam-capture -f
complete -c thatdam-capture -l config -r -F -d 'Read only this configuration file'
complete -c thatdam-capture -l socket -r -F -d 'Serve on this Unix socket'
complete -c thatdam-capture -l output -x -a '(__fish_complete_directories)' -d 'Record into this directory'
complete -c thatdam-capture -l state -x -a '(__fish_complete_directories)' -d 'Keep state.db in this directory'
complete -c thatdam-capture -l set -x -d 'Set a key of the configuration'
complete -c thatdam-capture -s h -l help -d 'Show help'
complete -c thatdam-capture -l version -d 'Show the version'
