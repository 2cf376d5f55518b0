/**
 * JMH benchmarks: {@code ./fasthebb bench}, or {@code java -jar bench/target/benchmarks.jar} after
 * {@code ./mvnw -DskipTests package}. {@link org.fasthebb.bench.Bench} runs them as suites and
 * prints a row each; {@code rivals.py} beside this module's sources runs PyTorch in turn with them.
 */
package org.fasthebb.bench;
