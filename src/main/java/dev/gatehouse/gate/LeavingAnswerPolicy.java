package dev.gatehouse.gate;

import dev.gatehouse.identity.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The app's answer to the request by which its user left: it takes the browser's cookies along. The
 * app would send a person on to a page that needs a login, and an OP that still knows him signs him
 * in again unasked; so the way leads to the OP's logout instead. Immutable, safe for concurrent
 * use.
 */
final class LeavingAnswerPolicy implements AnswerPolicy {
  private final AnswerPolicy usual;
  private final SignOut.Parting parting;
  private final boolean ofPage;

  /**
   * @param ofPage whether the browser goes where the answer sends it; a script or a frame cannot
   *     use the OP's pages
   */
  LeavingAnswerPolicy(AnswerPolicy usual, SignOut.Parting parting, boolean ofPage) {
    this.usual = usual;
    this.parting = parting;
    this.ofPage = ofPage;
  }

  @Override
  public String field(String name, String value) {
    return ofPage && name.equalsIgnoreCase("Location")
        ? parting.location()
        : usual.field(name, value);
  }

  @Override
  public List<HeaderField> defaults() {
    return usual.defaults();
  }

  @Override
  public List<HeaderField> added() {
    List<HeaderField> added = new ArrayList<>(usual.added());
    parting.setCookies().forEach(line -> added.add(new HeaderField("Set-Cookie", line)));
    added.addAll(parting.further());
    return added;
  }

  /** The app's Location reaches nobody where the way leads to the OP. */
  @Override
  public boolean refuses(String name, String value) {
    return !(ofPage && name.equalsIgnoreCase("Location")) && usual.refuses(name, value);
  }

  @Override
  public boolean watchesBodies() {
    return usual.watchesBodies();
  }

  @Override
  public Optional<BodyWatch> watch(String contentType, String contentEncoding) {
    return usual.watch(contentType, contentEncoding);
  }
}
