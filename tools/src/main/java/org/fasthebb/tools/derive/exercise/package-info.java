/**
 * Exercises on the learning rules. Each is a source file of the program with a piece cut out
 * ({@link org.fasthebb.tools.derive.exercise.Exercises} lists them). A student's file is compiled
 * and takes the place of the original in a copy of the engine and the rules, and what that copy
 * computes is compared with what the program computes.
 */
package org.fasthebb.tools.derive.exercise;
