package dev.gatehouse.gate;

/**
 * The one canonical path of a request: decoded once, dot segments refused, ambiguous encodings
 * refused (threats TH-PATH-1 to TH-PATH-10). Rules, log and upstream request use this one.
 *
 * @param canonical decoded, below the base path, without path parameters: what rules match
 * @param forwarded encoded, with the base path: what the upstream request line gets
 */
public record RequestPath(String canonical, String forwarded) {}
