package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import java.util.List;
import java.util.Optional;

/**
 * How the app's answer is changed on its way to the browser (TH-SES-6, TH-SES-10, TH-LEAK-12,
 * TH-HTTP-15). Immutable, safe for concurrent use.
 */
public interface AnswerPolicy {
  /**
   * What becomes of one field line of the app's answer.
   *
   * @return the value to send, which may be {@code value} itself; null to leave the line out
   */
  String field(String name, String value);

  /**
   * Fields to send when the app's answer has none of that name, such as {@code Cache-Control:
   * private, no-store}.
   */
  List<HeaderField> defaults();

  /**
   * Fields to send in any case, beside those of the same name: cookies, {@code Vary: Cookie,
   * Authorization}.
   */
  List<HeaderField> added();

  /**
   * Whether the app's answer must not reach the browser for what stands in this field line, as the
   * app has sent it: the door sends the page for a failed upstream instead (TH-LEAK-13).
   */
  default boolean refuses(String name, String value) {
    return false;
  }

  /** Whether text bodies are looked at; says nothing of a single answer. */
  default boolean watchesBodies() {
    return false;
  }

  /**
   * Who looks at the body of the app's answer.
   *
   * @param contentType the app's Content-Type; null for none
   * @param contentEncoding the app's Content-Encoding; null for none
   * @return empty where nobody does
   */
  default Optional<BodyWatch> watch(String contentType, String contentEncoding) {
    return Optional.empty();
  }
}
