package dev.gatehouse.gate;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Provider;
import dev.gatehouse.oidc.OpenIdProvider;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Threads for calls to each OP, apart from those to the others: an OP that hangs holds up its own
 * users alone (TH-DOS-5). A thread is made when it is needed. Safe for concurrent use.
 */
final class OpCalls implements AutoCloseable {
  private final Map<String, OpExecutor> byProvider;

  /**
   * @param purpose what the threads are for, in their names
   */
  OpCalls(
      String purpose, Collection<OpenIdProvider> providers, GatehouseConfig.Backchannel settings) {
    this.byProvider =
        providers.stream()
            .map(OpenIdProvider::name)
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(),
                    name ->
                        new OpExecutor(
                            name.equals(Provider.SINGLE) ? purpose : purpose + "-" + name,
                            settings.threads(),
                            settings.queue(),
                            settings.deadline())));
  }

  /** The threads for calls to that OP. */
  OpExecutor to(OpenIdProvider provider) {
    return byProvider.get(provider.name());
  }

  @Override
  public void close() {
    byProvider.values().forEach(OpExecutor::close);
  }
}
