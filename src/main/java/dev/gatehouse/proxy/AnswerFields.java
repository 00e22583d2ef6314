package dev.gatehouse.proxy;

import dev.gatehouse.gate.AnswerPolicy;
import dev.gatehouse.identity.HeaderField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The fields of the app's answer on their way to the client: without what ends at this hop, with
 * the public origin, and as the engine wants them.
 *
 * @param appPath of the request at the app
 */
record AnswerFields(AnswerPolicy policy, PublicLocations locations, String appPath) {

  /** Whether the answer must not reach the client for one of its fields. */
  boolean refused(HttpFields from) {
    for (HttpField field : from) {
      if (field.getValue() != null && policy.refuses(field.getName(), field.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** Copies the fields of a final answer, and adds what the engine adds. */
  void copyAll(HttpFields from, HttpFields.Mutable to) {
    copy(from, to);
    for (HeaderField field : policy.defaults()) {
      if (!to.contains(field.name())) {
        to.add(field.name(), field.value());
      }
    }
    for (HeaderField field : policy.added()) {
      to.add(field.name(), field.value());
    }
  }

  /** Copies the fields of any answer. */
  void copy(HttpFields from, HttpFields.Mutable to) {
    HopByHop hopByHop = HopByHop.of(from);
    for (HttpField field : from) {
      if (hopByHop.includes(field)) {
        continue;
      }
      String original = field.getValue() == null ? "" : field.getValue();
      String value = policy.field(field.getName(), locations.rewrite(field, original, appPath));
      if (value == null) {
        continue;
      }
      HttpField changed = value.equals(original) ? field : new HttpField(field.getName(), value);
      if (field.getHeader() == HttpHeader.DATE) {
        to.put(changed); // instead of the gateway's own
      } else {
        to.add(changed);
      }
    }
  }
}
