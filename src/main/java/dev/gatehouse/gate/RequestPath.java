package dev.gatehouse.gate;

import java.util.Objects;
import java.util.Optional;

/**
 * The one canonical path of a request: decoded once, what is ambiguous refused and not repaired
 * (threats TH-PATH-1 to TH-PATH-10). Rules, log and upstream request use this one. Immutable.
 *
 * @param canonical decoded, below the base path, without path parameters: what rules match; {@code
 *     *} for {@code OPTIONS *}
 * @param forwarded encoded, with the base path, without a session id: what the upstream request
 *     line gets. Conforms to RFC 3986 §3.3 and decodes to the canonical path
 * @param sessionIdInUrl whether a {@code ;jsessionid=} was taken off the end, to be counted
 */
public record RequestPath(String canonical, String forwarded, boolean sessionIdInUrl) {
  public RequestPath {
    Objects.requireNonNull(canonical, "canonical");
    Objects.requireNonNull(forwarded, "forwarded");
  }

  /**
   * Reads the path of a request target. Never throws for what a client sends; for a plain path it
   * allocates only its result.
   *
   * @param rawPath as it came over the wire, undecoded, without query; may be null
   * @param basePath empty, or such as {@code /shop}: what {@link
   *     dev.gatehouse.config.PublicUrl#basePath} says
   * @param mappedPath what a servlet container made of the same path (decoded, without path
   *     parameters and context path), to be compared (TH-PATH-9); empty in the proxy
   */
  public static Parsed parse(String rawPath, String basePath, Optional<String> mappedPath) {
    return PathParser.parse(rawPath, basePath, mappedPath);
  }

  /** What came of a raw path. */
  public sealed interface Parsed {
    /** The path is unambiguous. */
    record Ok(RequestPath path) implements Parsed {
      public Ok {
        Objects.requireNonNull(path, "path");
      }
    }

    /**
     * The path has more than one reading: 400.
     *
     * @param reason one fixed word for the audit log: {@code not-a-path}, {@code
     *     forbidden-character}, {@code bad-escape}, {@code forbidden-escape}, {@code
     *     double-encoding}, {@code bad-utf8}, {@code dot-segment}, {@code empty-segment}, {@code
     *     path-parameter}, {@code outside-base-path} or {@code mapping-mismatch}
     */
    record Refused(String reason) implements Parsed {
      public Refused {
        Objects.requireNonNull(reason, "reason");
      }
    }
  }
}
