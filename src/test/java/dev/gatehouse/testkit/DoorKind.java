package dev.gatehouse.testkit;

import dev.gatehouse.config.Door;
import java.util.List;
import java.util.stream.Stream;

/** The doors through which every contract test runs. */
public enum DoorKind {
  /** The standalone gateway before an app that it knows by its origin alone. */
  PROXY(Door.STANDALONE) {
    @Override
    OpenDoor open(Surroundings around) {
      return ProxyDoor.open(around);
    }
  },
  /** The same, spoken to in HTTP/2; for classes with {@link OverHttp2}. */
  PROXY_OVER_HTTP_2(Door.STANDALONE) {
    @Override
    OpenDoor open(Surroundings around) {
      return ProxyDoor.open(around);
    }

    @Override
    String configuration() {
      return "listener: {h2c: true}";
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

  /** All through which HTTP/1.1 is spoken. */
  public static List<DoorKind> overHttp1() {
    return Stream.of(values()).filter(kind -> !kind.overHttp2()).toList();
  }

  /** How this door reads the configuration. */
  Door door() {
    return door;
  }

  /** Whether the app is behind a connection of its own. */
  public boolean proxy() {
    return door == Door.STANDALONE;
  }

  /** Whether browsers speak HTTP/2 to it. */
  public boolean overHttp2() {
    return this == PROXY_OVER_HTTP_2;
  }

  /** What this door needs in the configuration, as YAML. */
  String configuration() {
    return "";
  }

  abstract OpenDoor open(Surroundings around);
}
