package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.TrailerFields;
import java.io.IOException;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** The fields behind a body (RFC 9110 §6.5) on their way through the gateway. */
final class TrailerSection {
  /** Jetty writes a whole section into one buffer, which has this size and no other. */
  private static final int BUFFER = 4 * 1024;

  /** What frames the section in HTTP/1.1: the last chunk before it, and the empty line. */
  private static final int FRAME = 16;

  /** What stands around a field's name and value in HTTP/1.1. */
  private static final int FIELD_OVERHEAD = 4;

  /** The app's answer has trailer fields that nobody may be given. */
  static final class Unsound extends IOException {
    private static final long serialVersionUID = 1L;

    Unsound() {
      super("the trailer fields of the app's answer are malformed, too many or too large");
    }
  }

  private TrailerSection() {}

  /**
   * Whether the client takes trailer fields of an answer: it says so (RFC 9110 §10.1.4). To others
   * they would be lost or, worse, a surprise (§6.5.1).
   */
  static boolean wanted(Request request) {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
      return false;
    }
    for (String coding : request.getHeaders().getCSV(HttpHeader.TE, false)) {
      if (coding.equalsIgnoreCase("trailers")) {
        return true;
      }
    }
    return false;
  }

  /** Whether an answer that came in chunks goes on to such a client in a form that has them. */
  static boolean possible(Request request, int status) {
    return !HttpMethod.HEAD.is(request.getMethod())
        && status != HttpStatus.NO_CONTENT_204
        && status != HttpStatus.NOT_MODIFIED_304
        && wanted(request);
  }

  /**
   * Whether a section keeps to the limits of a head, and to what can be sent on; and whether its
   * values are such as HTTP/1.1 can carry (RFC 9110 §5.5), which HTTP/2 need not see to.
   */
  static boolean isSound(HttpFields section, GatehouseConfig.Limits limits) {
    long size = FRAME;
    for (HttpField field : section) {
      String value = value(field);
      size += field.getName().length() + value.length() + FIELD_OVERHEAD;
      if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f)) {
        return false;
      }
    }
    return section.size() <= limits.maxHeaderFields()
        && size <= Math.min(BUFFER, limits.maxHeadBytes());
  }

  /**
   * What of a client's section goes on to the app.
   *
   * @param section null for none
   * @param head of the request
   * @return null for none
   */
  static HttpFields toApp(HttpFields section, HttpFields head, Forward forward) {
    return kept(section, head, field -> TrailerFields.reachesApp(forward, field.getName()));
  }

  /** The same of an answer's section, on to the client. */
  static HttpFields toClient(HttpFields section, HttpFields head, AnswerPolicy policy) {
    return kept(
        section, head, field -> TrailerFields.reachesClient(policy, field.getName(), value(field)));
  }

  private static HttpFields kept(
      HttpFields section, HttpFields head, Predicate<HttpField> reaches) {
    if (section == null) {
      return null;
    }
    HopByHop hopByHop = HopByHop.of(head);
    HttpFields.Mutable kept = HttpFields.build(section.size());
    for (HttpField field : section) {
      if (!hopByHop.includes(field) && reaches.test(field)) {
        kept.add(field);
      }
    }
    return kept.size() == 0 ? null : kept;
  }

  private static String value(HttpField field) {
    return field.getValue() == null ? "" : field.getValue();
  }
}
