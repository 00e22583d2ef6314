package dev.gatehouse.servlet;

import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that operators reach through JMX, as {@code dev.gatehouse:type=TYPE,context="/path"}.
 */
final class ManagedBean implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ObjectName name;
  private boolean registered;

  private ManagedBean(ObjectName name) {
    this.name = name;
  }

  /** Offers {@code bean}, of which operators see what {@code face} has. */
  static <T> ManagedBean offer(T bean, Class<T> face, String type, ServletContext context) {
    ManagedBean offered = new ManagedBean(name(type, context));
    offered.register(bean, face);
    return offered;
  }

  private <T> void register(T bean, Class<T> face) {
    try {
      server.registerMBean(new StandardMBean(bean, face, false), name);
      registered = true;
    } catch (InstanceAlreadyExistsException e) {
      // Two hosts of one container may have apps at the same path.
      LOG.warn("{} is taken; that of this application cannot be reached by JMX", name);
    } catch (JMException e) {
      LOG.warn("{} cannot be offered by JMX", name, e);
    }
  }

  private static ObjectName name(String type, ServletContext context) {
    String path = context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    try {
      return new ObjectName("dev.gatehouse:type=" + type + ",context=" + ObjectName.quote(path));
    } catch (JMException e) {
      throw new IllegalStateException("a quoted value is good in any name", e);
    }
  }

  /** Takes the offer back: the platform's server would hold on to the web application else. */
  @Override
  public void close() {
    if (!registered) {
      return;
    }
    try {
      server.unregisterMBean(name);
    } catch (JMException e) {
      LOG.warn("{} is still there", name, e);
    }
  }
}
