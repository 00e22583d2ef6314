package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import java.util.ArrayList;
import java.util.List;

/**
 * The app's answer with a nonce for the client's next DPoP proofs (RFC 9449 §8.2). One that the app
 * wrote is none of ours. Immutable, safe for concurrent use.
 */
final class FreshNoncePolicy implements AnswerPolicy {
  static final String FIELD = "DPoP-Nonce";

  private final AnswerPolicy usual;
  private final List<HeaderField> added;

  FreshNoncePolicy(AnswerPolicy usual, String nonce) {
    this.usual = usual;
    List<HeaderField> fields = new ArrayList<>(usual.added());
    fields.add(new HeaderField(FIELD, nonce));
    this.added = List.copyOf(fields);
  }

  @Override
  public String field(String name, String value) {
    return name.equalsIgnoreCase(FIELD) ? null : usual.field(name, value);
  }

  @Override
  public List<HeaderField> defaults() {
    return usual.defaults();
  }

  @Override
  public List<HeaderField> added() {
    return added;
  }
}
