package dev.gatehouse.identity;

/**
 * Gives equal values one object, where many users have them: {@code en-GB}, a department, a list of
 * groups. Looks at the values of late only, so that it neither grows nor keeps anybody's claims for
 * long. Safe for concurrent use, without a lock: a race costs one more copy.
 *
 * @param <T> immutable, with final fields alone
 */
public final class Recurring<T> {
  private static final int SLOTS = 4096;

  private final Object[] recent = new Object[SLOTS];

  /** {@code value}, or an equal one that was here before. */
  @SuppressWarnings("unchecked") // only what came in as a T is ever put in
  public T one(T value) {
    int hash = value.hashCode() * 0x9E3779B9;
    int slot = hash >>> 20;
    Object known = recent[slot];
    if (value.equals(known)) {
      return (T) known;
    }
    recent[slot] = value;
    return value;
  }
}
