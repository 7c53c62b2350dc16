using System.Globalization;
using ThatDam.Agent.Publishing;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Publishing;

/// <summary>The log in several files.</summary>
public sealed partial class AuditLogTests
{
    [Fact]
    public void A_full_file_is_rotated_and_the_chain_goes_through_all_of_them()
    {
        _options = new AuditOptions { MaxBytes = 2000, Files = 64 };
        Restart();
        for (var i = 0; i < 20; i++)
            Write(1);
        Write(20);
        var files = Directory.GetFiles(_directory.Path);
        Assert.True(files.Length > 5, $"{files.Length} files");
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2000));
        Assert.Equal(new AuditReport(Log, files.Length, 40, true, null, null, null), _audit.Verify());
        Restart();
        Write(1);
        Assert.True(_audit.Verify().Whole);
        Assert.Empty(_told.Text);
        File.Delete(_directory["audit.log.2"]);
        Assert.Equal((false, "audit.log.1", 1), (_audit.Verify().Whole, Path.GetFileName(_audit.Verify().File), _audit.Verify().Line));
    }

    [Fact]
    public void A_line_larger_than_a_file_may_be_has_one_of_its_own()
    {
        _options = new AuditOptions { MaxBytes = 100, Files = 64 };
        Restart();
        Write(3);
        Assert.Equal((3, 3, true), (Directory.GetFiles(_directory.Path).Length, _audit.Verify().Lines, _audit.Verify().Whole));
    }

    [Fact]
    public void The_oldest_file_is_deleted_beyond_the_number_and_the_check_says_where_the_log_begins()
    {
        _options = new AuditOptions { MaxBytes = 2000, Files = 3 };
        Restart();
        Write(40);
        Assert.Equal(["audit.log", "audit.log.1", "audit.log.2"], Names());
        var report = _audit.Verify();
        var first = int.Parse(File.ReadAllLines(_directory["audit.log.2"])[0].Split(['{', ':', ','])[2], CultureInfo.InvariantCulture);
        Assert.Equal(new AuditReport(Log, 3, 41 - first, true, _directory["audit.log.2"], 1, $"The log begins with line {first}: the files before it are no longer kept."), report);
        // That more may be kept from now on brings nothing back, and is no fault.
        _options = new AuditOptions { MaxBytes = 2000, Files = 10 };
        Restart();
        Assert.Equal(report, _audit.Verify());
        // Lines that were kept, and are gone: somebody else did it.
        File.Delete(_directory["audit.log.2"]);
        Assert.False(_audit.Verify().Whole);
        // One more than are kept.
        _options = new AuditOptions { MaxBytes = 2000, Files = 2 };
        Write(10);
        Restart();
        Write(10);
        Assert.Equal(["audit.log", "audit.log.1"], Names());
        Assert.True(_audit.Verify().Whole);
    }

    [Fact]
    public void A_crash_in_a_rotation_leaves_a_whole_chain()
    {
        _options = new AuditOptions { MaxBytes = 2000, Files = 64 };
        Restart();
        Write(20);
        // Killed when some of them had been renamed; then when all were, and there was no new one yet.
        var last = Directory.GetFiles(_directory.Path).Length - 1;
        File.Move(_directory[$"audit.log.{last}"], _directory[$"audit.log.{last + 1}"]);
        Restart();
        Write(20);
        Assert.Equal((40, true), (_audit.Verify().Lines, _audit.Verify().Whole));
        Stop();
        var files = Directory.GetFiles(_directory.Path).Length;
        for (var i = files - 1; i >= 0; i--)
            File.Move(_directory[i == 0 ? "audit.log" : $"audit.log.{i}"], _directory[$"audit.log.{i + 1}"]);
        Start();
        Write(20);
        Assert.Equal((60, true), (_audit.Verify().Lines, _audit.Verify().Whole));
        Assert.Empty(_told.Text);
    }
}
