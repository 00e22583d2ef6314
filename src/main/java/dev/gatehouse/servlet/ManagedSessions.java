package dev.gatehouse.servlet;

import dev.gatehouse.gate.SessionControl;
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
 * Lets operators end sessions through JMX, and the app through its servlet context (TH-SES-13): who
 * reaches either runs in this very process, or has been let in by it.
 */
final class ManagedSessions implements AutoCloseable {
  /** The servlet context attribute that holds the {@link SessionControl}. */
  static final String ATTRIBUTE = "dev.gatehouse.sessions";

  private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final ServletContext context;
  private final ObjectName name;
  private boolean registered;

  private ManagedSessions(ServletContext context) {
    this.context = context;
    this.name = name(context);
  }

  /** Offers {@code control}, as {@code dev.gatehouse:type=Sessions,context="/path"} in JMX. */
  static ManagedSessions offer(SessionControl control, ServletContext context) {
    context.setAttribute(ATTRIBUTE, control);
    ManagedSessions offered = new ManagedSessions(context);
    offered.register(control);
    return offered;
  }

  private void register(SessionControl control) {
    try {
      server.registerMBean(new StandardMBean(control, SessionControl.class, false), name);
      registered = true;
    } catch (InstanceAlreadyExistsException e) {
      // Two hosts of one container may have apps at the same path.
      LOG.warn("{} is taken; sessions of this application cannot be ended by JMX", name);
    } catch (JMException e) {
      LOG.warn("sessions cannot be ended by JMX", e);
    }
  }

  private static ObjectName name(ServletContext context) {
    String path = context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    try {
      return new ObjectName("dev.gatehouse:type=Sessions,context=" + ObjectName.quote(path));
    } catch (JMException e) {
      throw new IllegalStateException("a quoted value is good in any name", e);
    }
  }

  /** Takes the offer back: the platform's server would hold on to the web application else. */
  @Override
  public void close() {
    context.removeAttribute(ATTRIBUTE);
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
