namespace ThatDam.Agent.Publishing;

/// <summary>Finds the broker's password. Read again for each connection, so that a changed one needs no restart.</summary>
internal static class BrokerPassword
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The credential's name in the unit: <c>LoadCredential=broker-password:/path</c>.</summary>
    public const string Credential = "broker-password";

    /// <summary>PasswordFile=, else systemd's credential, else what the URL says.</summary>
    /// <param name="options">Names the file.</param>
    /// <param name="address">The URL.</param>
    /// <param name="credentials">systemd's $CREDENTIALS_DIRECTORY; null where there is none.</param>
    /// <exception cref="BrokerProblemException">The file is missing, empty, unreadable, or readable by others.</exception>
    public static string Find(BrokerOptions options, BrokerAddress address, string? credentials)
    {
        if (options.PasswordFile.Length > 0)
        {
            return Read(options.PasswordFile, credentials) is { Length: > 0 } password
                ? password
                : throw Refused(options.PasswordFile, "is empty", "Write the password into it.");
        }
        // A blank one is the unit's stand-in for a credential that is not there.
        if (credentials is { Length: > 0 } && Path.Combine(credentials, Credential) is var file && File.Exists(file) && Read(file, credentials) is var given && given.Trim().Length > 0)
            return given;
        return address.Password;
    }

    private static string Read(string file, string? credentials)
    {
        try
        {
            if (Directory.Exists(file))
                throw Refused(file, "is a directory", "Name a file in it: PasswordFile= in [Broker].");
            // What systemd lays down is the daemon's alone, but its access list shows as a mode for the group.
            var mode = File.GetUnixFileMode(file);
            if ((mode & Others) != 0 && !(credentials is { Length: > 0 } && file.StartsWith(credentials.TrimEnd('/') + "/", StringComparison.Ordinal)))
                throw Refused(file, $"can be read by others (mode 0{Convert.ToString((int)mode, 8)})", $"chmod 600 {file}");
            return File.ReadAllText(file).TrimEnd('\n', '\r');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? Refused(file, "does not exist", "Make it (mode 0600), or correct PasswordFile= in [Broker].")
                : Refused(file, $"cannot be read by user {Environment.UserName}", $"Give it to that user: chown {Environment.UserName} {file}; chmod 600 {file}");
        }
    }

    private static BrokerProblemException Refused(string file, string reason, string remedy) =>
        new(new BrokerProblem($"The broker's password file {file} {reason}.", remedy));
}
