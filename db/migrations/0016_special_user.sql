-- Why a case asks for free parts, in the caller's words: it stays here (FLOW-SPEC, D9).
alter table cases add column special_user_reason text;
