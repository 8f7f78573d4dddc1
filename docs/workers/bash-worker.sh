#!/usr/bin/env bash
# A whole Milepost worker in bash. It needs curl and jq, and nothing else.
#
#   MILEPOST_URL=http://127.0.0.1:8080 KIND=count ./bash-worker.sh
#   milepost submit count --input '{"steps": 50}' --watch
#
# It leases one task at a time, keeps the lease while the work runs, reports progress, hears of a
# cancel, ends with an output or an error, and gives its task back when it is told to stop.
set -uo pipefail

base="${MILEPOST_URL:-http://127.0.0.1:8080}/api/v1"
queue="${QUEUE:-default}"
kind="${KIND:-count}"
worker="${WORKER:-bash-${HOSTNAME:-worker}-$$}"
lease_seconds=30
heartbeat_seconds=5

# The work itself: put yours here. It gets the task's input as JSON on standard input and says what it
# has to say in lines: "PERCENT MESSAGE" for progress, "output JSON" for the result. Any exit code but
# 0 fails the attempt.
work() {
    local steps
    steps=$(jq -r '.steps // 20')
    for ((step = 1; step <= steps; step++)); do
        sleep 0.1
        echo "$((100 * step / steps)) step $step of $steps"
    done
    echo "output {\"counted\": $steps}"
}

# post PATH BODY: puts the answer into $answer. Whatever may have got lost is sent again: every body
# carries a sequence number, a lease or a request id, so that it counts once.
# Returns 0 when it was done, 2 when the lease is lost, 1 when the server refused it.
post() {
    local status
    while true; do
        answer=$(curl --silent --show-error --max-time 40 --write-out '\n%{http_code}' \
            --header 'Content-Type: application/json' --data-binary "$2" "$base$1")
        status="${answer##*$'\n'}"
        answer="${answer%$'\n'*}"
        case "$status" in
        2??) return 0 ;;
        404 | 409) return 2 ;;
        "" | 000 | 408 | 429 | 5??)
            [[ -n "$stopping" ]] && return 1
            sleep 1
            ;;
        *)
            echo "refused: $answer" >&2
            return 1
            ;;
        esac
    done
}

# report JSON: the lease, the next number, and what the JSON adds. Sets $cancelled.
report() {
    sequence=$((sequence + 1))
    post "/tasks/$task/report" "$(jq -c --arg lease "$lease" --argjson sequence "$sequence" \
        '{$lease, $sequence} + .' <<<"$1")" || return
    cancelled=$(jq -r 'if .cancel_requested then "yes" else "" end' <<<"$answer")
}

# end WORD JSON: complete, fail or release.
end() {
    post "/tasks/$task/$1" "$(jq -c --arg lease "$lease" '{$lease} + .' <<<"$2")"
    echo "$task: $1"
}

# What the work says in one line: the report to make of it, or the output to keep.
say() {
    local percent message
    if [[ "$1" == "output "* ]] && jq -e . <<<"${1#output }" >/dev/null 2>&1; then
        output="${1#output }"
    elif [[ "$1" =~ ^([0-9]+)\ ?(.*)$ ]]; then
        percent="${BASH_REMATCH[1]}" message="${BASH_REMATCH[2]}"
        report "$(jq -nc --argjson percent "$((percent > 100 ? 100 : percent))" --arg message "$message" \
            '{progress: {$percent, $message}}')"
    else
        report "$(jq -nc --arg text "$1" '{logs: [{$text}]}')"
    fi
}

# Does one task, given as a lease.
do_task() {
    local line lines pid outcome input
    task=$(jq -r .task.id <<<"$1") lease=$(jq -r .token <<<"$1")
    input=$(jq -c '.task.input' <<<"$1") cancelled=$(jq -r 'if .cancel_requested then "yes" else "" end' <<<"$1")
    sequence=0 output='{}' lost=""
    exec {lines}< <(work <<<"$input")
    pid=$!
    while [[ -z "$stopping$cancelled$lost" ]]; do
        if read -r -t "$heartbeat_seconds" -u "$lines" line; then
            say "$line"
        elif (($? > 128)); then
            report '{}' # Nothing new: a bare heartbeat.
        else
            break # The work has ended.
        fi
        (($? == 2)) && lost="yes"
    done
    [[ -n "$stopping$cancelled$lost" ]] && kill "$pid" 2>/dev/null
    exec {lines}<&-
    wait "$pid" 2>/dev/null
    outcome=$?
    if [[ -n "$lost" ]]; then
        echo "$task: the lease is lost" >&2
    elif [[ -n "$cancelled" ]]; then
        end fail '{"error": {"type": "cancelled"}}'
    elif [[ -n "$stopping" ]]; then
        end release '{}'
    elif ((outcome == 0)); then
        end complete "{\"output\": $output}"
    else
        end fail "{\"error\": {\"type\": \"exit\", \"title\": \"exit code $outcome\"}}"
    fi
}

stopping=""
trap 'stopping="yes"' TERM INT

request=0
while [[ -z "$stopping" ]]; do
    request=$((request + 1))
    post /leases "$(jq -nc --arg worker "$worker" --arg request_id "$worker-$request" --arg queue "$queue" \
        --arg kind "$kind" --argjson lease_seconds "$lease_seconds" \
        '{$worker, $request_id, queues: [$queue], kinds: [$kind], $lease_seconds, wait_seconds: 5}')" || {
        [[ -n "$stopping" ]] && break
        exit 1
    }
    if jq -e '.leases[0]' <<<"$answer" >/dev/null; then
        do_task "$(jq -c '.leases[0]' <<<"$answer")"
    fi
done
