-- Asks Gatehouse about each request; see forward-auth-apache.conf. Needs Debian's lua-socket.

local http = require "socket.http"

-- Where Gatehouse answers, and the public URL's host and scheme.
local QUESTION = "http://127.0.0.1:8443/gatehouse/auth"
local HOST = "app.example"
local SCHEME = "https"
-- With forward-auth.key: its value, else nil.
local KEY = nil
local TIMEOUT_SECONDS = 20

-- Who the user is: the headers of identity.headers.
local IDENTITY = { "X-Gatehouse-User", "X-Gatehouse-Email", "X-Gatehouse-Groups" }

-- What a client could have made up, letters and digits alone; the question has its own.
local FORGED = {}
for _, name in ipairs {
  "Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-For", "X-Forwarded-Host",
  "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-Method", "X-Forwarded-Prefix",
  "X-Forwarded-Path", "X-Original-URI", "X-Original-URL", "X-Original-Method", "X-Rewrite-URL",
  "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "X-Real-IP", "Forwarded", "Proxy",
} do
  FORGED[name:lower():gsub("%W", "")] = true
end

-- Fields that belong to the connection or the body, and not to the question.
local NOT_ASKED = {
  connection = true, ["content-length"] = true, ["content-type"] = true, ["content-encoding"] = true,
  ["transfer-encoding"] = true, te = true, trailer = true, expect = true, upgrade = true,
  ["keep-alive"] = true, ["proxy-connection"] = true, ["proxy-authorization"] = true,
  host = true,
}

local function forged(name)
  local bare = name:lower():gsub("%W", "")
  return FORGED[bare] or bare:sub(1, 10) == "xgatehouse"
end

-- Called for each request that is for the application.
function ask(r)
  -- Apache's internal redirects and subrequests: what they are for has been judged.
  if not r.is_initial_req then
    return apache2.DECLINED
  end
  local question = {}
  for name, value in pairs(r:headers_in_table()) do
    if forged(name) then
      r.headers_in[name] = nil
    elseif not NOT_ASKED[name:lower()] then
      question[name] = value
    end
  end
  question["Host"] = HOST
  -- As the client wrote it: raw, undecoded.
  question["X-Original-URI"] = r.unparsed_uri
  question["X-Original-Method"] = r.method
  question["X-Forwarded-For"] = r.useragent_ip
  question["X-Forwarded-Host"] = HOST
  question["X-Forwarded-Proto"] = SCHEME
  question["X-Gatehouse-Auth-Key"] = KEY

  http.TIMEOUT = TIMEOUT_SECONDS
  local ok, status, fields = http.request {
    url = QUESTION, method = "GET", headers = question, redirect = false,
  }
  if not ok then
    r:err("Gatehouse does not answer: " .. tostring(status))
    return 503
  end

  for i = 1, 6 do
    local line = fields["gatehouse-set-cookie-" .. i]
    if line then
      -- Lua can set one line of a field only: the configuration adds them.
      r.subprocess_env["GATEHOUSE_COOKIE_" .. i] = line
    end
  end
  if status == 200 then
    for _, name in ipairs(IDENTITY) do
      r.headers_in[name] = fields[name:lower()]
    end
    -- Cookie without Gatehouse's, Authorization without access tokens, Referer without any token.
    r.headers_in["Cookie"] = fields["cookie"]
    r.headers_in["Authorization"] = fields["authorization"]
    r.headers_in["Referer"] = fields["referer"]
    if fields["x-gatehouse-user"] then
      r.subprocess_env["GATEHOUSE_KNOWN"] = "yes"
    end
    return apache2.OK
  end
  r.err_headers_out["Cache-Control"] = "no-store"
  if status == 401 then
    local location = fields["gatehouse-location"]
    if location then
      r.err_headers_out["Referrer-Policy"] = "no-referrer"
      r.err_headers_out["Location"] = location
      return 302
    end
    r.err_headers_out["WWW-Authenticate"] = fields["www-authenticate"]
    return 401
  end
  if status >= 400 and status < 500 then
    return 403
  end
  return 503
end
