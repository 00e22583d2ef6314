/** The finished jars, as {@code mvn package} leaves them. */
package dev.gatehouse.packaged;
