/** The commands of the standalone gateway. */
package dev.gatehouse.cli;
