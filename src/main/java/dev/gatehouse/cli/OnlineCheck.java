package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.gate.Gate;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks the OP for its metadata and the upstream for any answer, as the gateway would. What cannot
 * be reached now is a warning, for the gateway starts without it; metadata that does not fit the
 * configuration is an error.
 */
final class OnlineCheck {
  private final GatehouseConfig config;

  OnlineCheck(GatehouseConfig config) {
    this.config = config;
  }

  /** What is wrong beyond the file; empty when all is well. */
  List<ConfigProblem> problems() throws InterruptedException {
    List<ConfigProblem> problems = new ArrayList<>();
    problems.addAll(providers());
    problems.addAll(new DirectAccess(config).problems());
    return problems;
  }

  /** Metadata that does not fit is known, so an OP is found wanting in one way only. */
  private List<ConfigProblem> providers() {
    try (Gate gate = Gate.open(config, Clock.systemUTC(), new SecureRandom())) {
      List<ConfigProblem> problems =
          new ArrayList<>(gate.awaitProviders(config.backchannel().deadline()));
      Set<String> told = problems.stream().map(ConfigProblem::key).collect(Collectors.toSet());
      gate.unreadyProviders().stream()
          .map(name -> unreachable(config.providers().get(name)))
          .filter(problem -> !told.contains(problem.key()))
          .forEach(problems::add);
      problems.addAll(gate.weaknesses());
      return problems;
    }
  }

  private static ConfigProblem unreachable(Provider provider) {
    return warning(
        "op-unreachable",
        Provider.prefix(provider.name()) + "issuer",
        "the metadata of "
            + provider.issuer()
            + " could not be read, so that logins would fail now; look at address, name server,"
            + " firewall, certificate");
  }

  private static ConfigProblem warning(String code, String key, String message) {
    return new ConfigProblem(Severity.WARNING, code, key, 0, message);
  }
}
