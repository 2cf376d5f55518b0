package org.fasthebb.tools.derive;

import static org.fasthebb.tools.derive.algebra.Expr.minus;
import static org.fasthebb.tools.derive.algebra.Expr.named;
import static org.fasthebb.tools.derive.algebra.Expr.sum;
import static org.fasthebb.tools.derive.algebra.Expr.times;
import static org.fasthebb.tools.derive.algebra.NamedAxis.B;
import static org.fasthebb.tools.derive.algebra.NamedAxis.C;
import static org.fasthebb.tools.derive.algebra.NamedAxis.D;
import static org.fasthebb.tools.derive.algebra.NamedAxis.G;
import static org.fasthebb.tools.derive.algebra.NamedAxis.I;
import static org.fasthebb.tools.derive.algebra.NamedAxis.J;
import static org.fasthebb.tools.derive.algebra.NamedAxis.K;
import static org.fasthebb.tools.derive.algebra.NamedAxis.M;
import static org.fasthebb.tools.derive.algebra.NamedAxis.N;
import static org.fasthebb.tools.derive.algebra.NamedAxis.P;
import static org.fasthebb.tools.derive.algebra.NamedAxis.Q;
import static org.fasthebb.tools.derive.algebra.NamedAxis.S;
import static org.fasthebb.tools.derive.algebra.NamedAxis.T;
import static org.fasthebb.tools.derive.algebra.NamedAxis.U;

import java.util.List;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.Derivation.Move;
import org.fasthebb.tools.derive.algebra.Condition;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Definition;
import org.fasthebb.tools.derive.algebra.Definition.Kind;
import org.fasthebb.tools.derive.algebra.Equation;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.IndexLaws;
import org.fasthebb.tools.derive.algebra.Law;
import org.fasthebb.tools.derive.algebra.Laws;
import org.fasthebb.tools.derive.algebra.NamedAxis;
import org.fasthebb.tools.derive.algebra.Subscript;

/** The derivations of the paper's section 3, and those that this program adds to them. */
public enum Derivations {
  /** Soft winner-takes-all, eq. 1 to eq. 6. */
  SWTA(
      "Soft winner-takes-all, from eq. 1 to eq. 6",
      "The share R_bn says how strongly patch b pulls neuron n. C_bn = R_bn / Σ_b R_bn averages"
          + " over patches. Both are given here. Taken literally, every patch makes a change of all"
          + " weights; contracted early, none does."),
  /** HPCA, eq. 2 to eq. 8. */
  HPCA(
      "Hebbian PCA, from eq. 2 to eq. 8",
      "Neuron n learns what neurons 1 .. n do not reconstruct. Taken literally, each neuron has a"
          + " residual of its own for every patch; the Gram matrix of the outputs says the same."),
  /** HPCA, eq. 8 to the blocked residual. */
  RESIDUAL(
      "Hebbian PCA, from eq. 8 to the blocked residual",
      "In a wide layer the product of P and W dominates eq. 8. All neurons of a block can share one"
          + " residual, which is carried from block to block. In a narrow layer eq. 8 is"
          + " cheaper; compare --layer conv2 and --layer fc5."),
  /** Statistics that add up. */
  STATISTICS(
      "Statistics that add up over shards and machines",
      "A sum over the batch is a sum of sums over its shards. So machines add up exactly, and"
          + " memory does not depend on the batch: the paper counts O(B N² S) for eq. 7 and"
          + " O(N² + N S) for eq. 8."),
  /** Oja's rule. */
  OJA(
      "Oja's rule",
      "Every neuron subtracts its own reconstruction alone. The same three laws as for soft-WTA"
          + " give its fast form."),
  /** Convolution and its gradients. */
  CONVOLUTION(
      "Convolution and its gradients as matrix products",
      "A patch matrix is the image seen through other indices. With it a convolution and both of"
          + " its gradients are contractions over one index.");

  private final String title;
  private final String idea;

  Derivations(String title, String idea) {
    this.title = title;
    this.idea = idea;
  }

  String title() {
    return title;
  }

  String idea() {
    return idea;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return Text.name(this);
  }

  /** Whether it cuts axes into blocks or shards. */
  boolean isCut() {
    return this == RESIDUAL || this == STATISTICS;
  }

  /** The chains of this derivation. */
  List<Derivation> parts() {
    return switch (this) {
      case SWTA -> List.of(swta());
      case HPCA -> List.of(hpca());
      case RESIDUAL -> List.of(residual());
      case STATISTICS -> List.of(statistics());
      case OJA -> List.of(oja());
      case CONVOLUTION -> List.of(output(), weightGradient(), imageGradient());
    };
  }

  private static final Expr ETA = named("η", "");
  private static final Expr PER_PATCH = named("1/B", "");
  private static final Expr W = named("W", "ns");
  private static final Expr X = named("X", "bs");
  private static final Expr Y = named("Y", "bn");
  private static final Expr Y_M = named("Y", "bm");
  private static final Expr W_M = named("W", "ms");
  private static final Expr L = named("L", "nm");
  private static final Expr.Named DELTA = named("ΔW", "ns");

  /** Σ_b Y_bn Y_bm. */
  private static final Expr GRAM = sum(B, times(Y, Y_M));

  private static Equation perPatch(Expr change, Expr aggregated) {
    return Equation.of(DELTA, aggregated)
        .with(new Definition(named("D", "bns"), change, Kind.COMPUTED));
  }

  private static Derivation swta() {
    Expr change = times(ETA, named("R", "bn"), minus(X, W));
    Expr weighted = sum(B, times(named("C", "bn"), named("D", "bns")));
    Expr cr = named("CR", "bn");
    return new Derivation(
        "Soft winner-takes-all",
        perPatch(change, weighted),
        "eq. 1, 4",
        List.of(
            move(Laws.substitute("D"), "", "Update and aggregation are one expression now."),
            move(Laws.pullOut("η", B), "eq. 5", "A number depends on no index."),
            move(
                Laws.name(times(named("C", "bn"), named("R", "bn")), "CR"),
                "eq. 5",
                "Pull and average are both B × N: multiply them first."),
            move(
                Laws.distribute(),
                "",
                "The difference was B × N × S; each of its terms alone need not be."),
            move(Laws.pullOut("W", B), "", "The weights are the same for every patch."),
            move(
                Laws.name(sum(B, cr), "Q"),
                "eq. 6",
                "Index b is contracted early: nothing larger than B × N or N × S remains.")));
  }

  private static Expr residualOf(Expr reconstruction) {
    return minus(X, reconstruction);
  }

  private static Derivation hpca() {
    Condition triangle = new Condition(M, Relation.AT_MOST, N);
    Expr change = times(Y, residualOf(sum(triangle, times(Y_M, W_M))));
    Expr average = times(ETA, PER_PATCH, sum(B, named("D", "bns")));
    Expr residual = residualOf(sum(M, times(L, Y_M, W_M)));
    return new Derivation(
        "Hebbian PCA",
        perPatch(change, average),
        "eq. 2, 4",
        List.of(
            move(Laws.substitute("D"), "eq. 7", "Update and aggregation are one expression now."),
            move(IndexLaws.mask(M), "eq. 7", "A sum without a condition is a matrix product."),
            move(
                Laws.name(residual, "E"),
                "eq. 7",
                "Each neuron has a residual of its own for every patch: B × N × S."),
            move(Laws.substitute("E"), "eq. 7", "Back, to take another way."),
            move(Laws.distribute(), "eq. 8", "The first term is a matrix product already."),
            move(
                Laws.reorder(B, M),
                "eq. 8",
                "The sum over b comes inside, where it can be contracted first."),
            move(Laws.pullOut("W", B), "", "The weights are the same for every patch."),
            move(Laws.pullOut("L", B), "", "So is the triangle."),
            move(
                Laws.name(times(L, GRAM), "P"),
                "eq. 8",
                "P is N × N: the batch is gone before the weights come in.")));
  }

  private static Derivation residual() {
    Expr first = times(ETA, PER_PATCH, sum(B, times(Y, X)));
    Expr second = times(ETA, PER_PATCH, sum(M, times(named("P", "nm"), W_M)));
    Equation start =
        Equation.of(DELTA, minus(first, second))
            .with(new Definition(named("P", "nm"), times(L, GRAM), Kind.COMPUTED));
    Condition earlier = new Condition(M, Relation.BEFORE, K);
    Expr residual = residualOf(sum(earlier, times(Y_M, W_M)));
    return new Derivation(
        "Hebbian PCA by blocks",
        start,
        "eq. 8",
        List.of(
            move(Laws.substitute("P"), "", "The product P W costs N²S, however small the batch."),
            move(IndexLaws.unmask(M), "", "Half of L is zero; a condition says which half."),
            move(
                IndexLaws.splitTriangle(M),
                "",
                "k is the block of K neurons that n is in; the first sum is the same for all of"
                    + " them but for the factor of n."),
            move(Laws.distribute(), "", "Three terms: input, earlier blocks, own block."),
            move(
                Laws.takeIn("W", B),
                "",
                "The Gram matrix of earlier blocks is N × N; the weights go in before it is made."),
            move(
                Laws.reorder(M, B),
                "",
                "With m inside, the sum over m is a reconstruction of each patch."),
            move(
                Laws.pullOut("Y", M),
                "",
                "Neuron n is not in the sum over m any more, so its block shares that sum."),
            move(
                Laws.collect("Y", B),
                "",
                "What the earlier blocks reconstruct is subtracted from the patch."),
            move(
                Laws.name(residual, "E"),
                "",
                "One residual for a whole block, where eq. 7 has one for each neuron."),
            move(Laws.name(GRAM, "P"), "", "Within a block, as in eq. 8, but K × K."),
            move(
                IndexLaws.carry("E"),
                "blocked residual",
                "Each block takes away its own part: 2 BNS multiplications and little more.")));
  }

  private static Derivation statistics() {
    Expr first = times(PER_PATCH, sum(B, times(Y, X)));
    Expr second = times(PER_PATCH, sum(M, times(L, GRAM, W_M)));
    Condition in = new Condition(B, Relation.IN, G);
    Expr a = sum(in, times(Y, X));
    Expr p = sum(in, times(Y, Y_M));
    return new Derivation(
        "Statistics of HPCA",
        Equation.of(DELTA, minus(first, second)),
        "eq. 8",
        List.of(
            move(IndexLaws.shard(B), "", "Each patch is in one shard, so nothing is lost."),
            move(
                Laws.name(a, "A"),
                "",
                "A_gns is what a shard, or a machine, has to tell of its patches and inputs."),
            move(
                Laws.name(p, "P"),
                "",
                "It tells N × S and N × N numbers, however many patches it saw."),
            move(
                Laws.substitute("A"),
                "",
                "If shards come one after the other, their sums need not be kept apart."),
            move(Laws.substitute("P"), "", "The same holds for the Gram matrix."),
            move(Laws.name(sum(G, a), "A"), "", "A_ns is added up as the shards come."),
            move(
                Laws.name(sum(G, p), "P"),
                "statistics",
                "The memory is that of one shard. To add in the same order gives the same bits.")));
  }

  private static Derivation oja() {
    Expr change = times(Y, minus(X, times(Y, W)));
    Expr average = times(ETA, PER_PATCH, sum(B, named("D", "bns")));
    return new Derivation(
        "Oja's rule",
        perPatch(change, average),
        "Oja 1982, eq. 4",
        List.of(
            move(Laws.substitute("D"), "", "Update and aggregation are one expression now."),
            move(Laws.distribute(), "", "Two terms, of which the first is a matrix product."),
            move(Laws.pullOut("W", B), "", "The weights are the same for every patch."),
            move(
                Laws.name(sum(B, times(Y, Y)), "P"),
                "as eq. 6",
                "How much each neuron responded decides how much it forgets.")));
  }

  /** The image I at row y+i and column x+j. */
  private static final Expr.Named PATCHES = shifted("I", NamedAxis.Y, 1, NamedAxis.X, C);

  private static Expr.Named shifted(
      String name, NamedAxis row, int sign, NamedAxis column, NamedAxis last) {
    return new Expr.Named(
        name,
        List.of(
            Subscript.of(U),
            new Subscript(row, sign, I),
            new Subscript(column, sign, J),
            Subscript.of(last)));
  }

  private static final List<NamedAxis> PATCH = List.of(U, NamedAxis.Y, NamedAxis.X);
  private static final List<NamedAxis> VALUE = List.of(I, J, C);

  private static Derivation output() {
    Expr product = times(PATCHES, named("W", "nijc"));
    return new Derivation(
        "Output",
        Equation.of(named("Y", "uyxn"), sum(I, sum(J, sum(C, product)))),
        "definition",
        asMatrices());
  }

  private static Derivation weightGradient() {
    Expr product = times(named("G", "uyxn"), PATCHES);
    return new Derivation(
        "Gradient of the weights, with G that of the output",
        Equation.of(named("ΔW", "nijc"), sum(U, sum(NamedAxis.Y, sum(NamedAxis.X, product)))),
        "chain rule",
        asMatrices());
  }

  private static List<Move> asMatrices() {
    return List.of(
        move(Laws.name(PATCHES, "X"), "", "A view: no number is copied, none is computed."),
        move(IndexLaws.flatten(PATCH, B), "", "b runs over all patches of all images."),
        move(
            IndexLaws.flatten(VALUE, S),
            "contraction",
            "s runs over all values of a patch: the paper's X_bs, and one matrix product."));
  }

  private static Derivation imageGradient() {
    Expr.Named outputs = shifted("G", P, -1, Q, N);
    Expr product = times(outputs, named("W", "nijc"));
    return new Derivation(
        "Gradient of the image: pixel p was seen as p = y + i, so y = p − i",
        Equation.of(named("ΔI", "upqc"), sum(N, sum(I, sum(J, product)))),
        "chain rule",
        List.of(
            move(Laws.name(outputs, "Z"), "", "All outputs that see a pixel; 0 outside."),
            move(IndexLaws.flatten(List.of(U, P, Q), D), "", "d runs over pixels."),
            move(
                IndexLaws.flatten(List.of(N, I, J), T),
                "contraction",
                "A convolution again, with the image and the gradient in each other's place.")));
  }

  private static Move move(Law law, String label, String note) {
    return new Move(law, label, note);
  }
}
