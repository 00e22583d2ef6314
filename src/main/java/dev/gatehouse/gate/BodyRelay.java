package dev.gatehouse.gate;

/**
 * How a body goes on to the app after its beginning was looked at. The door sends {@link #start} in
 * place of the beginning and shows the rest as it passes. Used by one thread at a time.
 */
public interface BodyRelay extends BodyWatch {
  /** What the app gets in place of the beginning; the beginning itself where nothing changes. */
  byte[] start();
}
