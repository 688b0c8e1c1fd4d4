export function Brand({ large = false }: { readonly large?: boolean }) {
  return (
    <span className={`flex items-center gap-2.5 font-bold tracking-tight ${large ? 'text-xl' : 'text-base'}`}>
      <img src="/mark.svg" alt="" className={large ? 'size-10' : 'size-7'} />
      Scalpstorm
    </span>
  );
}
