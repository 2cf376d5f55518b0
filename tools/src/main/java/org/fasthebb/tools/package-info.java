/**
 * The command line: {@link org.fasthebb.tools.Main} and one class per command.
 *
 * <p>Options that several commands share are mixins ({@code DataOptions}, {@code TrainingOptions}
 * and so on). A command makes a {@code Session}, lets it do the phases it wants, and hands what
 * came out, as {@code Findings}, to {@code Summary} for people, {@code Results} for programs and
 * {@code Report} for the browser. {@code Failures} turns every failure into one sentence and an
 * exit code. {@code ConsoleProgress} and {@code ByteProgress} share a {@code StatusLine}.
 */
package org.fasthebb.tools;
