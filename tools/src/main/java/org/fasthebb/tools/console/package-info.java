/**
 * What the program prints, apart from results: progress, failures and help. Start with {@link
 * org.fasthebb.tools.console.ToolCommand}, the base of all commands.
 *
 * <p>{@link org.fasthebb.tools.console.ConsoleProgress} (training) and {@link
 * org.fasthebb.tools.console.ByteProgress} (downloads) share a {@code StatusLine} and a {@link
 * org.fasthebb.tools.console.Rate}. {@link org.fasthebb.tools.console.Failures} turns every failure
 * into one sentence and an exit code. {@link org.fasthebb.tools.console.Text} formats numbers, and
 * {@link org.fasthebb.tools.console.Machine} has facts about the computer.
 */
package org.fasthebb.tools.console;
