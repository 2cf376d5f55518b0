package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.integers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any contraction of any views equals the loops that define it. */
class ContractionPropertyTest {
  private static final int MOST_PRODUCTS = 1100;

  enum Role {
    FIRST,
    SECOND,
    SUMMED,
    BATCH,
    STRETCHED_IN_FIRST,
    STRETCHED_IN_SECOND
  }

  record Letter(Role role, int size) {
    boolean inFirst() {
      return role != Role.SECOND;
    }

    boolean inSecond() {
      return role != Role.FIRST;
    }

    boolean inResult() {
      return role != Role.SUMMED;
    }
  }

  @Provide
  Arbitrary<List<Letter>> manyLetters() {
    Arbitrary<Integer> size =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(1, 6)),
            Tuple.of(6, Arbitraries.of(2, 4, 8)), // whose products fill register tiles
            Tuple.of(1, Arbitraries.just(0)),
            Tuple.of(2, Arbitraries.of(13, 33)));
    return letters(size, 6);
  }

  @Provide
  Arbitrary<List<Letter>> longLetters() {
    return letters(Arbitraries.of(1, 2, 3, 8, 17, 40, 65, 100, 257, 600, 1100), 4);
  }

  private static Arbitrary<List<Letter>> letters(Arbitrary<Integer> size, int most) {
    Arbitrary<Role> role = Arbitraries.of(Role.class);
    return Combinators.combine(role, size).as(Letter::new).list().ofMaxSize(most);
  }

  @Property(tries = 600)
  void ofManyLetters(@ForAll("manyLetters") List<Letter> letters, @ForAll long seed) {
    check(letters, seed, 300_000);
  }

  /** More than one block of the output, or of the summed axes. */
  @Property(tries = 200)
  void ofLongLetters(@ForAll("longLetters") List<Letter> letters, @ForAll long seed) {
    check(letters, seed, 3_000_000);
  }

  private static void check(List<Letter> letters, long seed, long most) {
    long loops = letters.stream().mapToLong(Letter::size).reduce(1, (x, y) -> x * y);
    Assume.that(loops <= most);
    long batch =
        letters.stream()
            .filter(letter -> letter.role() == Role.BATCH)
            .mapToLong(Letter::size)
            .reduce(1, (x, y) -> x * y);
    // A batch is one product after another. More of them take all the time and show nothing new.
    Assume.that(batch <= MOST_PRODUCTS);
    Random random = new Random(seed);
    List<Integer> first = chosen(letters, Letter::inFirst, random);
    List<Integer> second = chosen(letters, Letter::inSecond, random);
    List<Integer> result = chosen(letters, Letter::inResult, random);
    String spec = names(first) + "," + names(second) + "->" + names(result);
    Tensor a = integers(seed, sizes(first, letters, Role.STRETCHED_IN_FIRST));
    Tensor b = integers(seed + 1, sizes(second, letters, Role.STRETCHED_IN_SECOND));
    double[] expected = NaiveContraction.of(spec, a, b);
    Tensor x = view(a, random);
    Tensor y = view(b, random);
    String name = spec + " of " + a.layout() + " and " + b.layout();
    assertExact(name, expected, contract(spec, x, y));

    Tensor start = integers(seed + 2, sizes(result, letters, null));
    float[] before = start.toArray();
    for (int i = 0; i < expected.length; i++) {
      expected[i] += before[i];
    }
    assertExact(name + ", added", expected, contractAdd(view(start, random), spec, x, y));
  }

  private static List<Integer> chosen(
      List<Letter> letters, java.util.function.Predicate<Letter> wanted, Random random) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < letters.size(); i++) {
      if (wanted.test(letters.get(i))) {
        chosen.add(i);
      }
    }
    Collections.shuffle(chosen, random);
    return chosen;
  }

  private static String names(List<Integer> chosen) {
    return chosen.stream().map(i -> "" + (char) ('a' + i)).collect(Collectors.joining());
  }

  private static int[] sizes(List<Integer> chosen, List<Letter> letters, Role stretched) {
    return chosen.stream()
        .map(letters::get)
        .mapToInt(letter -> letter.role() == stretched ? 1 : letter.size())
        .toArray();
  }

  private static Tensor view(Tensor x, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Tensors.withGaps(x);
      case 1 -> Tensors.transposed(x);
      case 2 -> Tensors.withGaps(Tensors.transposed(x));
      default -> x;
    };
  }
}
