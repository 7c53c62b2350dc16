using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Gives every device its stable id. An id that was given stays with its device; a new device gets the best of its candidates that no
/// other bears. Of two twins that were never seen apart, both get the id of their place, for nobody can tell which of them was first.
/// </summary>
/// <param name="idOf">The id that was given to the device with a key.</param>
/// <param name="keyOf">The key of the device that an id was given to.</param>
/// <param name="keep">Told each id that is given for the first time: key, id.</param>
internal sealed class IdentityLedger(Func<string, string?> idOf, Func<string, string?> keyOf, Action<string, string> keep)
{
    /// <summary>Over the stored ids. A store that cannot be written costs nothing but that the ids are given anew after a restart.</summary>
    public static IdentityLedger Over(DeviceIdentityStore store, ILogger log) => new(store.Find, store.KeyOf, (key, id) =>
    {
        try
        {
            store.Keep(key, id);
        }
        catch (ProblemException e)
        {
            log.LogWarning("The stable id {Id} could not be kept: {Reason}", id, e.Message);
        }
    });

    /// <summary>The stable ids of the devices that are present, in their order.</summary>
    /// <param name="present">Every device of one look.</param>
    /// <param name="before">The ids of the look before, by key; empty at the first.</param>
    public IReadOnlyList<string> Assign(IReadOnlyList<DeviceIdentity> present, IReadOnlyDictionary<string, string> before)
    {
        var ids = new string?[present.Count];
        var taken = new HashSet<string>();
        // Who was there keeps its id, though a twin has come to the place where the id was given.
        for (var i = 0; i < present.Count; i++)
        {
            if (before.GetValueOrDefault(present[i].Key) is { } last && taken.Add(last))
                ids[i] = last;
        }
        for (var i = 0; i < present.Count; i++)
        {
            if (ids[i] is null && idOf(present[i].Key) is { } given && taken.Add(given))
                ids[i] = given;
        }
        var deepest = present.Count == 0 ? 0 : present.Max(identity => identity.Candidates.Count);
        for (var level = 0; level < deepest; level++)
        {
            var contests = Enumerable.Range(0, present.Count)
                .Where(i => ids[i] is null && level < present[i].Candidates.Count && !taken.Contains(present[i].Candidates[level]))
                .GroupBy(i => present[i].Candidates[level])
                .ToList();
            foreach (var contest in contests)
            {
                // One that was given before belongs to one of them, which has moved.
                if (contest.Count() > 1 && keyOf(contest.Key) is null)
                    continue;
                taken.Add(contest.Key);
                Give(contest.First(), contest.Key);
            }
        }
        for (var i = 0; i < present.Count; i++)
        {
            var count = 1;
            var last = present[i].Candidates[^1];
            var id = last;
            while (ids[i] is null)
            {
                if (taken.Add(id))
                    Give(i, id);
                id = $"{last}.{++count}";
            }
        }
        return ids!;

        void Give(int i, string id)
        {
            ids[i] = id;
            keep(present[i].Key, id);
        }
    }
}
