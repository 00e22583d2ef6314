package dev.gatehouse.proxy;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** A door in a process of its own, which lives until its input ends. */
final class SmallGateway {
  private SmallGateway() {}

  /** Takes the app's URL, and prints the port on which it serves. */
  public static void main(String[] app) throws IOException {
    try (Door door = Door.before(URI.create(app[0]), Door.LIMITS, Optional.empty())) {
      System.out.println(door.port());
      System.in.transferTo(System.err);
    }
  }
}
