package dev.gatehouse.proxy;

import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.config.RouteTable;
import dev.gatehouse.config.UpstreamRoute;
import dev.gatehouse.config.UpstreamTarget;
import dev.gatehouse.identity.HeaderField;
import dev.gatehouse.ops.GatewayMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * All routes, made from the configuration.
 *
 * @param tables by public URL
 * @param checks what asks targets whether they are well
 */
record Routes(
    List<Route> all, Map<PublicUrl, RouteTable<Route>> tables, List<HealthChecks> checks) {

  static Routes of(GatehouseConfig config, UpstreamClient client, GatewayMetrics metrics) {
    boolean single = config.upstreams().isSingle();
    List<HealthChecks> checks = new ArrayList<>();
    Map<UpstreamRoute, Route> made = new IdentityHashMap<>();
    List<Route> all = new ArrayList<>();
    for (UpstreamRoute route : config.upstreams().routes()) {
      List<Target> targets = new ArrayList<>();
      String name = route.name();
      for (UpstreamTarget address : route.targets()) {
        // The only app of a gateway has nobody to be compared with: its requests need no counting.
        TargetHealth health =
            single
                ? null
                : new TargetHealth(
                    "upstream " + name + ", target " + address,
                    route.ejection(),
                    metrics.target(name, address.toString()));
        Target target = new Target(client, address, health);
        targets.add(target);
        route
            .healthCheck()
            .ifPresent(
                check ->
                    checks.add(
                        new HealthChecks(
                            target, check, asked(config, route), client.http().getScheduler())));
      }
      Route runs =
          new Route(
              name,
              new Targets(targets, route.balance()),
              route.prefix(config.publicUrl().basePath()).orElse(null),
              locations(config, route, single));
      made.put(route, runs);
      all.add(runs);
    }
    Map<PublicUrl, RouteTable<Route>> tables = new HashMap<>();
    for (PublicUrl url : config.publicUrls()) {
      tables.put(url, config.upstreams().at(url.host(), config.app().letterCase(), made::get));
    }
    return new Routes(List.copyOf(all), Map.copyOf(tables), List.copyOf(checks));
  }

  private static Map<PublicUrl, PublicLocations> locations(
      GatehouseConfig config, UpstreamRoute route, boolean single) {
    Map<PublicUrl, PublicLocations> locations = new HashMap<>();
    for (PublicUrl url : config.publicUrls()) {
      locations.put(
          url,
          single
              ? new PublicLocations(route.targets().get(0).origin(), url)
              : PublicLocations.of(
                  route.targets(), url, route.prefix(config.publicUrl().basePath()).orElse(null)));
    }
    return Map.copyOf(locations);
  }

  /** The app is asked as by a user of the gateway, but for the user. */
  private static List<HeaderField> asked(GatehouseConfig config, UpstreamRoute route) {
    List<HeaderField> fields = new ArrayList<>();
    PublicUrl url =
        config.publicUrls().stream()
            .filter(candidate -> route.isFor(candidate.host()))
            .findFirst()
            .orElse(config.publicUrl());
    fields.add(new HeaderField("Host", url.authority()));
    fields.add(new HeaderField("X-Forwarded-Host", url.authority()));
    fields.add(new HeaderField("X-Forwarded-Proto", url.scheme()));
    config
        .upstreamTrust()
        .secret()
        .ifPresent(secret -> fields.add(new HeaderField(secret.name(), secret.value().reveal())));
    return fields;
  }
}
