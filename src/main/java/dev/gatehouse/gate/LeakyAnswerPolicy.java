package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to a request whose URL holds a token: no cache keeps it, and no page that it leads to
 * learns the URL (TH-LEAK-6). Immutable, safe for concurrent use.
 */
final class LeakyAnswerPolicy implements AnswerPolicy {
  private static final String REFERRER_POLICY = "Referrer-Policy";
  private static final String CACHE_CONTROL = "Cache-Control";

  private static final List<HeaderField> OWN =
      List.of(
          new HeaderField(REFERRER_POLICY, "no-referrer"),
          new HeaderField(CACHE_CONTROL, "private, no-store"));

  private final AnswerPolicy usual;
  private final List<HeaderField> defaults;

  LeakyAnswerPolicy(AnswerPolicy usual) {
    this.usual = Objects.requireNonNull(usual, "usual");
    List<HeaderField> fields = new ArrayList<>(OWN);
    usual.defaults().stream().filter(field -> !isOwn(field.name())).forEach(fields::add);
    this.defaults = List.copyOf(fields);
  }

  @Override
  public String field(String name, String value) {
    for (HeaderField own : OWN) {
      if (own.name().equalsIgnoreCase(name)) {
        return own.value();
      }
    }
    return GateAnswerPolicy.addressesSharedCaches(name) ? null : usual.field(name, value);
  }

  @Override
  public List<HeaderField> defaults() {
    return defaults;
  }

  @Override
  public List<HeaderField> added() {
    return usual.added();
  }

  @Override
  public boolean refuses(String name, String value) {
    return usual.refuses(name, value);
  }

  @Override
  public boolean watchesBodies() {
    return usual.watchesBodies();
  }

  @Override
  public Optional<BodyWatch> watch(String contentType, String contentEncoding) {
    return usual.watch(contentType, contentEncoding);
  }

  private static boolean isOwn(String name) {
    return name.equalsIgnoreCase(REFERRER_POLICY) || name.equalsIgnoreCase(CACHE_CONTROL);
  }
}
