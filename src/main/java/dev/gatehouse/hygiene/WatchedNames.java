package dev.gatehouse.hygiene;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameter names under which tokens travel, recognised in every spelling that an app might
 * take for one of them (TH-LEAK-7): any case, percent-encoded once or twice, with {@code [x]} or
 * {@code .x} behind or around, with spaces, plus signs and control characters at the ends, and as
 * PHP reads {@code access.token} and {@code access+token}. Immutable, safe for concurrent use.
 */
public final class WatchedNames {
  /** The names that are watched always. */
  public static final List<String> DEFAULT =
      List.of(
          "access_token",
          "refresh_token",
          "id_token",
          "client_secret",
          "appKey",
          "oauth_token",
          "auth_token",
          "bearer_token",
          "jwt",
          "assertion",
          "code_verifier",
          "logout_token");

  /** The default names alone. */
  public static final WatchedNames BY_DEFAULT = with(List.of());

  private static final int MAX_NAME_CHARS = 64;

  private final NameTree tree;
  private final List<Optional<Match>> plain = new ArrayList<>();
  private final List<Optional<Match>> hidden = new ArrayList<>();

  private WatchedNames(Set<String> names) {
    this.tree = new NameTree(names);
    for (String name : names) {
      plain.add(Optional.of(new Match(name, false)));
      hidden.add(Optional.of(new Match(name, true)));
    }
  }

  /**
   * That a name is watched.
   *
   * @param name as it is written in the list of watched names
   * @param secondDecoding whether it came out only when it was decoded a second time
   */
  public record Match(String name, boolean secondDecoding) {}

  /**
   * The default names and {@code further} ones.
   *
   * @throws IllegalArgumentException for a name that {@link #isName} does not take
   */
  public static WatchedNames with(Collection<String> further) {
    Set<String> names = new LinkedHashSet<>(DEFAULT);
    for (String name : further) {
      if (!isName(name)) {
        throw new IllegalArgumentException("not a name that can be watched");
      }
      if (names.stream().noneMatch(name::equalsIgnoreCase)) {
        names.add(name);
      }
    }
    return new WatchedNames(names);
  }

  /**
   * These names and no others, for whoever looks for something else in all spellings.
   *
   * @throws IllegalArgumentException for a name that {@link #isName} does not take
   */
  public static WatchedNames only(Collection<String> names) {
    if (!names.stream().allMatch(WatchedNames::isName)) {
      throw new IllegalArgumentException("not a name that can be watched");
    }
    return new WatchedNames(new LinkedHashSet<>(names));
  }

  /** Whether a name can be watched: letters, digits, {@code _.~-}, at most 64. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME_CHARS
        && name.chars().allMatch(c -> c == '.' || NameTree.symbol(c) != 0);
  }

  /**
   * Whether the characters of {@code text} from {@code from} up to {@code to}, a raw parameter
   * name, are a watched one. Linear; allocates only where it has to decode.
   */
  public Optional<Match> match(String text, int from, int to) {
    int found = tree.find(text, from, to);
    if (found >= 0) {
      return plain.get(found);
    }
    return found == NameTree.NONE || Escapes.indexOf(text, '%', from, to) < 0
        ? Optional.empty()
        : decoded(text, from, to);
  }

  private Optional<Match> decoded(String text, int from, int to) {
    String once = Escapes.decode(text, from, to);
    int found = tree.find(once, 0, once.length());
    if (found >= 0) {
      return plain.get(found);
    }
    if (once.indexOf('%') < 0) {
      return Optional.empty();
    }
    String twice = Escapes.decode(once, 0, once.length());
    int second = tree.find(twice, 0, twice.length());
    return second < 0 ? Optional.empty() : hidden.get(second);
  }
}
