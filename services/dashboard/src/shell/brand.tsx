interface BrandProps {
  readonly large?: boolean;
  /** The name where there is room for all of it, and else the mark alone. */
  readonly spare?: boolean;
}

export function Brand({ large = false, spare = false }: BrandProps) {
  return (
    <span className={`flex items-center gap-2.5 font-bold tracking-tight ${large ? 'text-xl' : 'text-base'}`}>
      <img src="/mark.svg" alt={spare ? 'Scalpstorm' : ''} className={`flex-none ${large ? 'size-10' : 'size-7'}`} />
      {spare ? null : 'Scalpstorm'}
    </span>
  );
}
