#!/usr/bin/env bash
# Writes what the programs are made of, as CycloneDX 1.6: the packages that were restored for them, the .NET runtime that is linked in, and
# the SQLite that lies beside them. The same packages make the same file: no time, no serial number.
#   sbom.sh FILE RID
# packaging/publish.sh calls it when it has built for RID: it reads what was restored then, artifacts/native/obj.
set -euo pipefail
cd "$(dirname "$0")/.."; root=$PWD
[ $# -eq 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
file=$1 rid=$2
fail() { echo "sbom.sh: $*" >&2; exit 1; }
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
assets=artifacts/native/obj/ThatDam.Agent/project.assets.json
grep -q "\"net10.0/$rid\"" "$assets" 2>/dev/null || fail "$assets knows nothing of $rid: packaging/publish.sh DIR $rid restores it"
packaging/install-missing.sh jq
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d "${TMPDIR:-/tmp}/sbom.XXXXXX"); trap 'rm -rf "$work"' EXIT
dotnet tool restore > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the tool of .config/dotnet-tools.json was not restored; the reason is above"; }
packages=$(jq -r '.packageFolders | keys[0]' "$assets")
# The folder of packages stands in for the registry: every package is there, nothing is asked of anyone.
for project in agent/ThatDam.Agent.csproj cli/ThatDam.Cli.csproj; do
  dotnet tool run dotnet-CycloneDX -- "$project" --recursive --disable-package-restore --base-intermediate-output-path "$root/artifacts/native" \
    --url "$packages" --spec-version 1.6 --output-format Json --no-serial-number --set-name thatdam-capture --set-version "$version" \
    --output "$work" --filename "$(dirname "$project").json" > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "no bill of materials for $project; the reason is above"; }
done

# The packs of the runtime are no package references: their names, versions and hashes are in what was restored.
jq -r '.project.frameworks[].downloadDependencies[] | select(.name | test("^Microsoft\\.(AspNetCore\\.App\\.Runtime|NETCore\\.App\\.Runtime\\.NativeAOT)\\."))
  | [.name, (.version | ltrimstr("[") | split(",")[0])] | @tsv' "$assets" | sort -u > "$work/packs"
[ "$(wc -l < "$work/packs")" -eq 2 ] || fail "$assets names $(wc -l < "$work/packs") packs of the runtime, not ASP.NET Core's and NativeAOT's"
while IFS=$'\t' read -r name pack; do
  hash=$(base64 -d "$packages/${name,,}/$pack/${name,,}.$pack.nupkg.sha512" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)
  jq -n --arg name "$name" --arg version "$pack" --arg hash "$hash" '"pkg:nuget/\($name)@\($version)" as $purl
    | { type: "framework", "bom-ref": $purl, name: $name, version: $version, scope: "required", hashes: [{ alg: "SHA-512", content: $hash }],
        licenses: [{ license: { id: "MIT" } }], purl: $purl } + (if $name | test("NativeAOT") then { cpe: "cpe:2.3:a:microsoft:.net:\($version):*:*:*:*:*:*:*" } else {} end)'
done < "$work/packs" > "$work/runtime.json"

jq -S -n --slurpfile agent "$work/agent.json" --slurpfile cli "$work/cli.json" --slurpfile runtime "$work/runtime.json" '
  ([$agent[0], $cli[0]] | map(.components[]) | map(select(.scope != "excluded"))) as $packages
  | ($packages | map(select(.name == "SQLite")) | if length > 0 then .[0] else error("no package SQLite: where does libe_sqlite3.so come from?") end) as $sqlite
  | { type: "library", "bom-ref": "libe_sqlite3.so", name: "sqlite", version: $sqlite.version, scope: "required",
      description: "usr/lib/thatdam-capture/libe_sqlite3.so, from the package SQLite", licenses: [{ license: { id: "blessing" } }],
      cpe: "cpe:2.3:a:sqlite:sqlite:\($sqlite.version):*:*:*:*:*:*:*", purl: "pkg:generic/sqlite@\($sqlite.version)" } as $native
  | ($packages + $runtime + [$native] | unique_by(."bom-ref")) as $components
  | ($components | map(."bom-ref")) as $refs
  | $agent[0].metadata.component."bom-ref" as $self
  | $agent[0] | del(.metadata.timestamp)
  | .metadata.component += { licenses: [{ license: { id: "MIT" } }] }
  | .components = $components
  | .dependencies = ([$agent[0].dependencies[], $cli[0].dependencies[], { ref: $self, dependsOn: $runtime | map(."bom-ref") },
                      { ref: $sqlite."bom-ref", dependsOn: ["libe_sqlite3.so"] }, ($refs[] | { ref: . })]
      | group_by(.ref) | map({ ref: .[0].ref, dependsOn: (map(.dependsOn // []) | add | unique | map(select(. as $d | $refs | index($d)))) })
      | map(select(.ref as $r | $r == $self or ($refs | index($r)))))' > "$work/sbom" || fail "the bills of materials do not go together; jq's words are above"
install -m644 "$work/sbom" "$file"
echo "$file: $(jq '.components | length' "$file") components"
