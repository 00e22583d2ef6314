package dev.gatehouse.proxy;

import dev.gatehouse.config.PathPrefix;
import dev.gatehouse.config.PublicUrl;
import java.util.Map;

/**
 * Where requests to some paths go, and what is changed on the way there and back.
 *
 * @param name as operators know it
 * @param prefix null where the path goes on as it is
 */
record Route(
    String name, Targets targets, PathPrefix prefix, Map<PublicUrl, PublicLocations> locations) {}
