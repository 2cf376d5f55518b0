/**
 * The command line. Start with {@link org.fasthebb.tools.Main}, which lists the commands.
 *
 * <ul>
 *   <li>{@code command}: one class per command
 *   <li>{@code option}: options that several commands share
 *   <li>{@code console}: progress and failures
 *   <li>{@code report}: results as text, JSON and web pages
 *   <li>{@code tables}: the paper's tables
 *   <li>{@code search}: search for hyper-parameters
 *   <li>{@code photos}: the commands for a user's own photos
 *   <li>{@code research}: the commands that pass results on to other programs and people
 *   <li>{@code verify}: comparison with numbers of the authors' code
 *   <li>{@code derive}: the paper's derivations, and exercises on them
 *   <li>{@code download}: downloads of data sets
 * </ul>
 *
 * <p>A training command makes a {@code Session}, runs the phases it needs, and passes the results,
 * as {@code Findings}, to {@code Summary} for people, {@code Results} for programs and {@code
 * Report} for the browser.
 */
package org.fasthebb.tools;
