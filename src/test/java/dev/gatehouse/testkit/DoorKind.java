package dev.gatehouse.testkit;

import dev.gatehouse.config.Door;

/** The doors through which every contract test runs. */
public enum DoorKind {
  /** The standalone gateway before an app that it knows by its origin alone. */
  PROXY(Door.STANDALONE) {
    @Override
    OpenDoor open(Surroundings around) {
      return ProxyDoor.open(around);
    }
  },
  /** The filter in Jetty's servlet container. */
  FILTER_IN_JETTY(Door.FILTER) {
    @Override
    OpenDoor open(Surroundings around) {
      return JettyFilterDoor.open(around);
    }
  },
  /** The filter in Tomcat. */
  FILTER_IN_TOMCAT(Door.FILTER) {
    @Override
    OpenDoor open(Surroundings around) {
      return TomcatFilterDoor.open(around);
    }
  };

  private final Door door;

  DoorKind(Door door) {
    this.door = door;
  }

  /** How this door reads the configuration. */
  Door door() {
    return door;
  }

  /** Whether the app is behind a connection of its own. */
  public boolean proxy() {
    return this == PROXY;
  }

  abstract OpenDoor open(Surroundings around);
}
