%% Compiles the modules of a set with Erlang's asn1 application and, for every line `Type hex` of a file, decodes the
%% octets and encodes the value again: prints `same`, `differs HEX` or `refuses REASON`.
%% escript again.escript SET per|uper LINES
main([Set, Variant, Lines]) ->
    ok = asn1ct:compile(Set ++ ".set.asn", [list_to_atom(Variant), {verbose, false}]),
    Module = list_to_atom(Set),
    true = code:add_path("."),
    {ok, Bytes} = file:read_file(Lines),
    [again(Module, Line) || Line <- binary:split(Bytes, <<"\n">>, [global]), Line =/= <<>>].

again(Module, Line) ->
    [Name, Hex] = binary:split(Line, <<" ">>),
    Type = binary_to_atom(Name),
    Octets = binary:decode_hex(Hex),
    try
        {ok, Value} = Module:decode(Type, Octets),
        {ok, Again} = Module:encode(Type, Value),
        case Again of
            Octets -> io:format("same~n");
            _ -> io:format("differs ~s~n", [binary:encode_hex(Again)])
        end
    catch _:Reason -> io:format("refuses ~0P~n", [Reason, 20])
    end.
