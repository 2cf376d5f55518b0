package org.fasthebb.tools.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;

/**
 * Compares recomputed tensors with those of a golden file and collects the results. Each tensor is
 * compared as soon as it is computed and then dropped; tensors that were never computed appear in
 * the results too.
 */
final class Comparison {
  private final GoldenFile file;
  private final Family family;
  private final Map<String, Double> errors = new LinkedHashMap<>();
  private final Map<String, String> problems = new LinkedHashMap<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();

  /** The kind of the file. */
  Family family() {
    return family;
  }

  Comparison(GoldenFile file, Family family) {
    this.file = file;
    this.family = family;
  }

  /** Recomputes something. */
  interface CaseBody {
    void run(Comparison comparison) throws IOException;
  }

  /**
   * Runs {@code body}. If the file turns out to be inconsistent, all tensors whose names begin with
   * {@code prefix} and that have not been computed yet count as failed.
   */
  void attempt(String prefix, CaseBody body) {
    try (Scope _ = file.backend().scope()) {
      body.run(this);
    } catch (IOException
        | UncheckedIOException
        | IllegalArgumentException
        | ArithmeticException e) {
      for (String name : file.names()) {
        if (name.startsWith(prefix) && !errors.containsKey(name) && isCompared(name)) {
          errors.put(name, Double.NaN);
          problems.put(name, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /**
   * Runs each of {@code bodies} and keeps the one with the fewest failures, for files that do not
   * say which one applies.
   */
  void best(CaseBody... bodies) throws IOException {
    Comparison best = null;
    for (CaseBody body : bodies) {
      Comparison tried = new Comparison(file, family);
      body.run(tried);
      if (best == null || tried.failures() < best.failures()) {
        best = tried;
      }
    }
    errors.putAll(best.errors);
    problems.putAll(best.problems);
    remarks.putAll(best.remarks);
  }

  /**
   * Recomputes the failed tensors among those that {@code which} selects, in another way that the
   * remark describes. The new result counts if all of them then pass.
   */
  void reconsider(Predicate<String> which, String remark, CaseBody body) throws IOException {
    List<String> names = errors.keySet().stream().filter(which).toList();
    Set<Tolerance> failed =
        names.stream()
            .filter(name -> !passes(name, errors.get(name)))
            .map(name -> Tolerance.of(family, Part.tensor(name)))
            .collect(Collectors.toSet());
    if (failed.isEmpty()) {
      return;
    }
    Comparison again = new Comparison(file, family);
    body.run(again);
    boolean passed = names.stream().allMatch(name -> again.passes(name, again.errors.get(name)));
    if (passed) {
      for (String name : names) {
        if (failed.contains(Tolerance.of(family, Part.tensor(name)))) {
          errors.put(name, again.errors.get(name));
          remarks.put(name, remark);
        }
      }
    }
  }

  private long failures() {
    return errors.entrySet().stream().filter(e -> !passes(e.getKey(), e.getValue())).count();
  }

  private boolean passes(String name, double error) {
    return error <= Tolerance.of(family, Part.tensor(name)).limit();
  }

  private boolean isCompared(String name) {
    String tensor = Part.tensor(name);
    return !family.isInput(tensor) && Tolerance.of(family, tensor) != null;
  }

  /** Whether the file has a tensor or a part of it. */
  boolean wants(String tensor) {
    for (Part part : Part.values()) {
      if (file.has(tensor + part.suffix()) && isCompared(tensor)) {
        return true;
      }
    }
    return false;
  }

  /** Compares a tensor in the engine's layout. */
  void check(String tensor, Tensor value) throws CheckpointException {
    if (wants(tensor)) {
      check(tensor, TorchLayout.encode(value));
    }
  }

  /** Compares elements in PyTorch's order. */
  void check(String tensor, double[] values) throws CheckpointException {
    check(tensor, values, 0);
  }

  /**
   * Compares the change of a parameter. A difference of 1.5e-7 of the largest initial weight per
   * step counts as rounding of the stored weights, which are floats.
   */
  void checkChange(String tensor, Tensor before, Tensor after, int steps)
      throws CheckpointException {
    if (wants(tensor)) {
      float largest = Math.max(before.max().item(), before.times(-1).max().item());
      check(tensor, TorchLayout.encode(after.minus(before)), 1.5e-7 * largest * steps);
    }
  }

  private void check(String tensor, double[] values, double rounding) throws CheckpointException {
    for (Part part : Part.values()) {
      String name = tensor + part.suffix();
      if (file.has(name) && isCompared(tensor)) {
        double[] recorded = file.values(name);
        int length = part.from(values).length;
        if (recorded.length == length) {
          Metric metric = Tolerance.of(family, tensor).metric();
          // If several forms of a rule compute the same tensor, the worse one counts.
          errors.merge(name, metric.error(part, recorded, values, rounding), Math::max);
        } else {
          errors.put(name, Double.NaN);
          problems.put(
              name, "there are " + recorded.length + " values where " + length + " are computed");
        }
      }
    }
  }

  /** The results of all tensors that are not inputs, by case; those not computed come last. */
  List<CaseResult> results() {
    Map<String, List<String>> cases = new LinkedHashMap<>();
    Map<String, List<String>> skipped = new LinkedHashMap<>();
    for (String name : file.names()) {
      String tensor = Part.tensor(name);
      if (!family.isInput(tensor)) {
        Tolerance tolerance = errors.containsKey(name) ? Tolerance.of(family, tensor) : null;
        String what = tolerance == null ? "" : tolerance.what();
        String title =
            Stream.of(file.stem(), family.caseOf(tensor), what)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        Map<String, List<String>> lines = tolerance == null ? skipped : cases;
        lines.computeIfAbsent(title, _ -> new ArrayList<>()).add(name);
      }
    }
    List<CaseResult> results = new ArrayList<>();
    cases.forEach((title, names) -> results.add(compared(title, names)));
    skipped.forEach((title, names) ->
        results.add(skipped(cases.containsKey(title) ? title + " (rest)" : title, names)));
    return results;
  }

  private CaseResult skipped(String title, List<String> names) {
    String more = names.size() > 1 ? " ..." : "";
    String detail = count(names.size()) + " not implemented: " + names.getFirst() + more;
    return new CaseResult(title, Double.NaN, Double.NaN, CaseResult.Verdict.SKIPPED, detail);
  }

  private CaseResult compared(String title, List<String> names) {
    String worst = names.getFirst();
    int failed = 0;
    for (String name : names) {
      // compare() puts NaN above all numbers.
      worst = Double.compare(errors.get(name), errors.get(worst)) > 0 ? name : worst;
      failed += passes(name, errors.get(name)) ? 0 : 1;
    }
    String detail = count(names.size()) + (failed > 0 ? ", " + failed + " failed" : "");
    detail += ", worst " + worst;
    if (remarks.containsKey(worst)) {
      detail += " (" + remarks.get(worst) + ")";
    }
    if (problems.containsKey(worst)) {
      detail += ": " + problems.get(worst);
    }
    return new CaseResult(
        title,
        errors.get(worst),
        Tolerance.of(family, Part.tensor(worst)).limit(),
        failed == 0 ? CaseResult.Verdict.OK : CaseResult.Verdict.FAILED,
        detail);
  }

  private static String count(int n) {
    return n == 1 ? "1 tensor" : n + " tensors";
  }
}
