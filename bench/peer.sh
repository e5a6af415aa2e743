#!/bin/sh
# One delegation with curl and inotifywait: peer.sh <origin> <token file> <handoffs> <agent>
set -eu
origin=$1 token=$(cat "$2") handoffs=$3 agent=$4

curl -fsS -m 5 -o /dev/null "$origin/healthz"

run=peer-$(date +%s%N)
folder=$handoffs/$run
file=$folder/attempt-1.json
mkdir -m 700 "$folder"
mkfifo "$folder/watching"
inotifywait -e close_write --include 'attempt-1[.]json$' "$folder" >/dev/null 2>"$folder/watching" &
watcher=$!
exec 3<"$folder/watching"
while read -r line <&3; do
  case $line in *established*) break ;; esac
done

message="[ORCHESTRATED TASK — run_id: $run]\\n$file\\n\\nDo it.\\n"
printf '{"message":"%s","name":"peer","agentId":"%s","deliver":false,"wakeMode":"next-heartbeat","timeoutSeconds":300,"waitForCompletion":false,"idempotencyKey":"%s.1"}' \
  "$message" "$agent" "$run" >"$folder/payload.json"
curl -fsS -m 30 -o /dev/null -H 'content-type: application/json' -H "authorization: Bearer $token" \
  --data-binary "@$folder/payload.json" "$origin/hooks/agent"

wait "$watcher"
for field in '"schemaVersion"' '"status": *"complete"' '"result"' '"deliverable"' '"confidence"' '"timestamp"' "\"runId\": *\"$run\""; do
  grep -q "$field" "$file"
done
cat "$file"
