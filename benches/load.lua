-- What wrk sends: the requests of a file in turn, one a line: path, Authorization, body, and an address that a proxy
-- vouches for or nothing, divided by tabs. Prints what came of it as one line of JSON.
-- With TOKENS set, keeps the tokens that were issued in that file; with STATUSES set, the status of every answer.

local requests, turn = {}, 0

function init()
  for line in io.lines(os.getenv("REQUESTS")) do
    local path, authorization, body, address = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = {
      ["Content-Type"] = "application/x-www-form-urlencoded",
      ["Authorization"] = authorization,
    }
    if address ~= "" then headers["X-Forwarded-For"] = address end
    requests[#requests + 1] = wrk.format("POST", path, headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

if os.getenv("TOKENS") then
  local file = io.open(os.getenv("TOKENS"), "w")
  function response(_, _, body)
    file:write(body:match('"access_token":"([^"]+)"') or "", "\n")
  end
end

if os.getenv("STATUSES") then
  local file = io.open(os.getenv("STATUSES"), "w")
  function response(status, headers)
    file:write(status, " ", headers["retry-after"] or headers["Retry-After"] or "-", "\n")
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%d,"p99":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
