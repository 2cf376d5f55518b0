/**
 * Options that several commands share, as picocli mixins. Start with {@link
 * org.fasthebb.tools.option.PretrainOptions}.
 *
 * <p>Each class named Options has the options of one subject, refuses values that are out of range
 * or do not fit each other ({@code check}), and turns them into objects of the models module. Most
 * can also give their options as words of a command line again, for the suggestions in reports.
 * Classes named Converter read a value. {@link org.fasthebb.tools.option.Defaults} holds default
 * values.
 */
package org.fasthebb.tools.option;
