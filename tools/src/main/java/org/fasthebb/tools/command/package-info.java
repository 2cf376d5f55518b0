/**
 * The commands of the program, one class each. Start with {@link
 * org.fasthebb.tools.command.RunCommand}, the whole experiment.
 *
 * <p>{@code RunCommand}, {@link org.fasthebb.tools.command.PretrainCommand} and {@link
 * org.fasthebb.tools.command.FinetuneCommand} train; their common part is {@code TrainingCommand},
 * which checks options, reads data and writes results. Commands only connect options, the models
 * module and reports: they compute nothing themselves.
 */
package org.fasthebb.tools.command;
